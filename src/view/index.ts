/**
 * view: the words and the order in which a person reads a run. Pure: it gets events, graphs and statuses, and gives lines of
 * text and JSON back; where they are printed is the caller's business. Nothing that it gives can steer a terminal.
 */
export {
  type CallLink,
  type CausalChain,
  causalChain,
  chainLookup,
  type ChainLookup,
  type PatchedField,
  type PatchLink,
} from './graph/causal-chain.ts';
export { chainText, chainToJson } from './graph/chain-text.ts';
export { graphDiffText, graphDiffToJson, type DiffTextOptions, type SideNames } from './graph/diff-text.ts';
export { runDiffToJson } from './graph/run-diff-json.ts';
export { runDiffBody, runDiffText, type RunDiffTextOptions } from './graph/run-diff-text.ts';
export { memoText, type MemoTextOptions, memoToJson } from './graph/memo-text.ts';
export {
  approvalsText,
  approvalToJson,
  type Decision,
  decisionText,
  decisionToJson,
} from './run/approval-list.ts';
export {
  sessionApprovalsText,
  sessionApprovalToJson,
  type SessionDecision,
  type ShownRequest,
  sessionDecisionText,
  sessionDecisionToJson,
} from './session/approval-list.ts';
export {
  type BehaviorEntry,
  behaviorsText,
  behaviorsToJson,
  BehaviorTally,
  tallyTypes,
} from './run/behavior-list.ts';
export { eventDetailText, eventDetailToJson } from './run/event-detail.ts';
export { forkPlanText, forkPlanToJson, type PlannedCall, type PlannedFork } from './run/fork-plan.ts';
export { type ForkReport, forkText, forkToJson } from './run/fork-report.ts';
export {
  type KitGroup,
  kitProgress,
  type KitReport,
  type KitResult,
  kitText,
  kitToJson,
} from './run/kit-text.ts';
export { availablePacksText, type PackEntry, packEntry, packsText, packsToJson } from './run/pack-list.ts';
export {
  noRunsText,
  type RunEntry,
  runLine,
  runListHeading,
  type RunOutcome,
  runToJson,
} from './run/run-list.ts';
export { promotionText, promotionToJson } from './run/promotion-text.ts';
export {
  type QuickstartFork,
  type QuickstartRun,
  type QuickstartText,
  quickstartText,
} from './run/quickstart-text.ts';
export {
  type ProjectedReport,
  projectedText,
  projectedToJson,
  verifyText,
  verifyToJson,
} from './run/replay-report.ts';
export { type RedactionSummary, redactionText, redactionToJson } from './session/redaction-report.ts';
export { type SessionReport, sessionText, sessionToJson } from './session/session-report.ts';
export { statusLine } from './run/status-line.ts';
export type { BroughtFrom } from './run/brought-from.ts';
export { eventLines, type RunHolder, type RunReport, statusText, statusToJson } from './run/run-status.ts';
export {
  importText,
  type ImportSummary,
  importToJson,
  type MigratedRun,
  type MigrationSummary,
  migrationText,
  migrationToJson,
} from './run/migration-text.ts';
export {
  type SchemaFile,
  schemaStatusText,
  schemaStatusToJson,
  type SchemaUpgrade,
  schemaUpgradeText,
  schemaUpgradeToJson,
} from './run/schema-text.ts';
export {
  type BackupSummary,
  backupText,
  backupToJson,
  type FoundTrouble,
  healthText,
  type HealthTextOptions,
  healthToJson,
  type StoreHealth,
} from './upkeep/doctor-text.ts';
export { type MaintenanceSummary, maintenanceText, maintenanceToJson } from './upkeep/maintenance-text.ts';
export {
  type RetentionSummary,
  retentionText,
  retentionToJson,
  type StayingReason,
  whyKeptText,
  whyKeptToJson,
} from './upkeep/retention-text.ts';
export { type CommandNames, errorText, type ErrorTextOptions, errorToJson } from './text/error-text.ts';
export { colourPaint, type Paint, plainPaint, type Style } from './text/paint.ts';
export { clean, cleanJson, cleanLines, cleanPainted, cut } from './text/printable.ts';
export { tagText, traceLines, type TraceOptions } from './trace/event-line.ts';
export { eventJsonLine, storedJsonLine } from './trace/json-line.ts';
export { TraceFlags } from './trace/trace-flags.ts';
export {
  type CallSummary,
  summaryText,
  summaryToJson,
  type TraceSummary,
  TraceTally,
} from './trace/trace-summary.ts';
export { traceText } from './trace/trace-text.ts';
export {
  sessionEventJson,
  sessionEventText,
  type SessionParts,
  sessionPartsJson,
  conversationText,
  type ConversationTextOptions,
} from './session/conversation-text.ts';
export type { ShownExecution } from './session/session-fields.ts';
export {
  type ListedSession,
  listedSessionToJson,
  noSessionsText,
  sessionLine,
  sessionListHeading,
} from './session/session-list.ts';
export {
  type UsageReport,
  usageReportText,
  usageReportToJson,
  type UsageRow,
} from './session/usage-report.ts';
export { type AgentCallEnd, agentCallNote, agentCallText, recoveredText } from './session/agent-call.ts';
export { LiveRunText, type WatchedEvent } from './session/live-run.ts';
