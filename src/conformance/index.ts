/**
 * conformance: what every store has to do, as cases that are data and know no test runner. It decides what counts as proof;
 * whoever runs the cases brings a maker of stores and a hasher, and gets results back.
 */
export {
  type KillKit,
  killKits,
  type KillPort,
  type KillSubject,
  openKillSessions,
  openKillStore,
} from './kill-kit.ts';
export { sessionKillCases } from './sessions/kill/session-kill-cases.ts';
export { togetherCases } from './sessions/kill/together-script.ts';
export { allSessionCases } from './sessions/all-session-cases.ts';
export { type KitPlatform, type RunCasesOptions } from './run-cases.ts';
export { runSessionCase, runSessionCases } from './sessions/run-session-cases.ts';
export {
  declaresSession,
  type OptionalSessionPromise,
  type SessionCase,
  type SessionContext,
  type SessionNeed,
  type SessionProcessPlaces,
  type SessionStoreMaker,
  type SessionStorePlace,
} from './sessions/session-case.ts';
export {
  type PortCase,
  type PortContext,
  type PortMaker,
  type PortNeed,
  type PortPlace,
} from './ports/port-case.ts';
export { runPortCase, runPortCases } from './ports/run-port-cases.ts';
export { queryCases } from './query/query-cases.ts';
export type { QueryMaker, QueryPlace } from './query/query-place.ts';
export { maintenanceCases } from './maintenance/maintenance-cases.ts';
export type { MaintenanceMaker, MaintenancePlace } from './maintenance/maintenance-place.ts';
export { artifactStoreCases } from './artifacts/artifact-store-cases.ts';
export type { ArtifactMaker, ArtifactOutside, ArtifactPlace } from './artifacts/artifact-place.ts';
export { agentCases } from './agents/agent-cases.ts';
export type { AgentMaker, AgentPlace, AgentTask } from './agents/agent-place.ts';
export type { ArtifactCase, ArtifactContext } from './artifacts/artifact-case.ts';
export { allArtifactCases } from './artifacts/artifact-cases.ts';
export { expectEqual, expectRefusal, expectTrue, UnmetExpectation } from './expect.ts';
export {
  type Death,
  judgeDeath,
  killCases,
  type KillCase,
  type KillContext,
  type KillVerdict,
  kindOfKillCase,
} from './store/kill/kill-cases.ts';
export { type KillWrite, killWrites, type Life } from './store/kill/kill-script.ts';
export { runStoreCase } from './store/run/run-store-case.ts';
export { runStoreCases, type RunStoreCasesOptions } from './store/run/run-store-cases.ts';
export {
  type CaseKind,
  type CaseResult,
  type GroupReport,
  reportOf,
  type StoreReport,
} from './store/run/store-report.ts';
export {
  type CapabilityNeed,
  declares,
  type OptionalPromise,
  type ProcessPlaces,
  type StoreCase,
  type StoreContext,
  type StoreMaker,
  type StorePlace,
} from './store/store-case.ts';
export { allStoreCases } from './store/store-cases.ts';
