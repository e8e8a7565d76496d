/** All cases of the artifact kit, in the order in which a failure is best read. */
import type { ArtifactCase } from './artifact-case.ts';
import { putCases } from './put-cases.ts';
import { readCases } from './read-cases.ts';

/** All cases for stores of artifacts. */
export const allArtifactCases: readonly ArtifactCase[] = [...putCases, ...readCases];
