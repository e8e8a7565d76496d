/** All cases of the agent kit, in the order in which a failure is best read. */
import type { PortCase } from '../ports/port-case.ts';
import type { AgentPlace } from './agent-place.ts';
import { endCases } from './end-cases.ts';
import { identityCases } from './identity-cases.ts';
import { runCases } from './run-cases.ts';

/** What every agent adapter has to do. */
export const agentCases: readonly PortCase<AgentPlace>[] = [...identityCases, ...runCases, ...endCases];
