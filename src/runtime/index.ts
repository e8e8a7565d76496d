/**
 * runtime: behaviors, the loop that lets them react, and the one place that appends to the log of a run. Receives commands
 * from outside and answers of effects, hands events to the log; decides when to wait, when to stop and when to resume.
 */
export { parseActivateAfter } from './activate-after.ts';
export {
  type Behavior,
  behavior,
  type BehaviorKind,
  type BehaviorOptions,
  type Context,
  type Frame,
  type HandlerInput,
  llmBehavior,
  type LlmBehaviorOptions,
  type PendingApproval,
  relationBehavior,
  type RelationBehaviorOptions,
  type WhenInput,
} from './behavior.ts';
export { type Budget, checkBudget } from './budget.ts';
export type { ApprovalPolicy, Bundle } from './bundle.ts';
export { fieldsLeftOutOfDiff } from './diff/compared-event.ts';
export type { Kinship } from './diff/common-past.ts';
export { diffRuns } from './diff/diff-runs.ts';
export { touchedElement } from './diff/touched-element.ts';
export type {
  ComparedRun,
  EventRef,
  FieldDifference,
  ObjectDifference,
  RelationDifference,
  RunDiff,
} from './diff/run-diff.ts';
export type { SideUsage, Spent } from './diff/side-usage.ts';
export { idempotencyKey } from './engine.ts';
export {
  approvalNotFound,
  ApprovalNotFoundError,
  ApprovalRequiredError,
  InvalidActivateAfter,
  ReplayDivergenceError,
  RuntimeClosedError,
  RuntimeContextRequiredError,
  settingsDiffer,
} from './errors.ts';
export { invalidOverride, InvalidOverrideError } from './fork/fork-errors.ts';
export {
  AmbiguousBehaviorError,
  AmbiguousToolError,
  BehaviorNotFoundError,
  ToolNotFoundError,
} from './lookup-errors.ts';
export type { EventMap, EventOf, EventType } from './event-map.ts';
export { PromoteConflictError, promoteConflict, PromoteLineageError } from './promote/errors.ts';
export { planPromotionOf } from './promote/promote-fork.ts';
export {
  type ConflictKind,
  isEmptyPlan,
  type Promotion,
  type PromotionConflict,
  type PromotionPlan,
} from './promote/promotion.ts';
export { approvalIdOf } from './run/approvals.ts';
export { notPending } from './run/decide-approval.ts';
export type { ForkChanges, SettingOverride } from './fork/first-events.ts';
export { findForkPoint, forkRun, type ForkOptions, readEvent } from './run/fork-run.ts';
export type { RunFailure } from './run/failure.ts';
export { type LoadedRun, loadRunState, loadState, type LoadStateOptions } from './run/load-state.ts';
export type { EventListener } from './run/listeners.ts';
export { checkRunOptions, createRun, loadRun } from './run/open-runtime.ts';
export { checkOptionForms } from './run/option-forms.ts';
export { nearestOpening, type Opening, openingKind } from './run/opening.ts';
export { openingsOfPast, openingsUpTo, takeOpenings } from './fork/take-openings.ts';
export { isRecording } from './run/inherited-answers.ts';
export { overriddenKeys, overridesBefore } from './fork/setting-overrides.ts';
export {
  type ForkRequest,
  type OpenRuntimeOptions,
  type RuntimeOptions,
  runtimeOptionNames,
} from './run/options.ts';
export type { RuntimePlatform } from './platform.ts';
export { volatileFields, type VolatileField } from './replay/compare.ts';
export type { Divergence, DivergenceKind, VerifyReport } from './replay/divergence.ts';
export type { ReplayPack, VerifyOptions } from './replay/given.ts';
export type { ObserveOptions } from './observe/run-observer.ts';
export { verifyRecordedRun } from './replay/verify.ts';
export { RunState } from './run/run-state.ts';
export { snapshotKinds, snapshotOfRecord, snapshotPartId } from './snapshot/snapshot-records.ts';
export { type SnapshotOptions } from './snapshot/snapshots.ts';
export { Runtime } from './run/runtime.ts';
export { type BehaviorSummary, type RunCondition, type RuntimeStatus, statusOf } from './run/status.ts';
