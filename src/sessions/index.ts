/**
 * sessions: the sessions of coding agents and of chat agents, as logs of their own kind beside the runs of graphs. What a session, a
 * run of an agent and an event are, which state follows which, how failures are coded, and what every session store promises.
 */
export { agentPrompt } from './agents/agent-prompt.ts';
export { agentTimeoutMs, longestTimeoutMs } from './agents/agent-timeout.ts';
export { type AgentPlatform, executeGraceMs, patientAgent } from './agents/patient-agent.ts';
export type {
  AgentAdapter,
  AgentArtifact,
  AgentCall,
  AgentEvent,
  AgentMessage,
  AgentResult,
} from './agents/port.ts';
export {
  errorTextLimits,
  providerFailure,
  type ProviderFailureData,
  type ProviderFailureKind,
} from './agents/provider-failure.ts';
export { scriptedAgent, type ScriptedAgentOptions, type ScriptedScene } from './agents/scripted-agent.ts';
export {
  type Capability,
  capabilityFromJson,
  capabilityToJson,
  type CapabilityType,
  capabilityTypes,
  switchCapability,
} from './capabilities/capability.ts';
export {
  capabilityResolver,
  type CapabilityResolver,
  type Negotiated,
} from './capabilities/capability-resolver.ts';
export {
  addCapability,
  enabledCapabilities,
  getCapability,
  type Manifest,
  manifestFromJson,
  manifestToJson,
  removeCapability,
} from './capabilities/manifest.ts';
export {
  getManifest,
  listManifests,
  manifestsOfProvider,
  manifestsWithCapability,
  newRegistry,
  registerManifest,
  type Registry,
  registryFromJson,
  registryToJson,
  unregisterManifest,
  updateManifest,
} from './capabilities/registry.ts';
export {
  type ArtifactRegistry,
  artifactRegistry,
  artifactRowsOf,
  type ArtifactRegistryOptions,
  type PutInSession,
  type SessionArtifacts,
} from './artifacts/artifact-registry.ts';
export type { ArtifactRow } from './artifacts/artifact-row.ts';
export {
  type ArtifactFinding,
  checkArtifacts,
  type CheckArtifactsOptions,
} from './artifacts/check-artifacts.ts';
export {
  type ArtifactWay,
  checkArtifactRows,
  type CopiedArtifacts,
  copyArtifactRows,
  copyArtifacts,
} from './artifacts/copy-artifacts.ts';
export type { CostSource, UsageLine } from './cost/usage-line.ts';
export { type UsageMeter, usageLines, usageMeter } from './cost/usage-meter.ts';
export { sumUsage, type UsageKey, type UsageSum } from './cost/usage-sums.ts';
export {
  AgentToolError,
  AgentToolNotFoundError,
  AlreadyExistsError,
  CancelledError,
  CapabilityNotFoundError,
  CapabilityNotSupportedError,
  CommandFailedError,
  CommandNotFoundError,
  CommandTimeoutError,
  ContextMismatchError,
  DependencyNotAvailableError,
  DuplicateCapabilityError,
  InternalError,
  InvalidCapabilityTypeError,
  InvalidEventTypeError,
  InvalidFormatError,
  InvalidInputError,
  InvalidOperationError,
  InvalidPageCursorError,
  InvalidStatusError,
  InvalidTransitionError,
  MaintenanceError,
  MaxRunsExceededError,
  MaxSessionsExceededError,
  MigrationRequiredError,
  MissingRequiredCapabilityError,
  MissingRequiredFieldError,
  PersistenceError,
  PolicyViolationError,
  ProviderAuthenticationError,
  ProviderError,
  ProviderQuotaExceededError,
  ProviderRateLimitedError,
  ProviderTimeoutError,
  ProviderUnavailableError,
  QueryError,
  ResourceNotFoundError,
  RunMismatchError,
  SessionConcurrencyError,
  SessionError,
  SessionMismatchError,
  SessionNotFoundError,
  SessionProviderError,
  SessionResourceError,
  SessionRunNotFoundError,
  SessionRuntimeError,
  SessionStateError,
  SessionStorageError,
  SessionStoreError,
  SessionTimeoutError,
  SessionToolError,
  SessionValidationError,
  StorageConnectionError,
  StorageReadError,
  StorageWriteError,
  StreamClosedError,
  ToolExecutionError,
  ToolPermissionError,
  UnknownError,
  ValidationError,
} from './errors/error-classes.ts';
export {
  isSessionErrorCode,
  type SessionErrorCategory,
  type SessionErrorCode,
  sessionErrorCodes,
  type SessionErrorMeaning,
  sessionErrorMeaning,
} from './errors/error-codes.ts';
export {
  isRetryable,
  isSessionError,
  sessionError,
  sessionErrorCategory,
  sessionErrorCode,
  type SessionErrorData,
  sessionErrorFromJson,
  type SessionErrorJson,
  sessionErrorToJson,
} from './errors/session-error.ts';
export {
  isSessionEventType,
  readSessionEventType,
  type SessionEventKind,
  sessionEventKinds,
  type SessionEventType,
  sessionEventTypes,
} from './model/event-types.ts';
export {
  addTokenUsage,
  completeExecution,
  type Execution,
  executionFromJson,
  type ExecutionStatus,
  executionStatuses,
  executionToJson,
  failExecution,
  isExecutionOver,
  moveExecution,
  type NewExecution,
  newExecution,
} from './model/execution.ts';
export { countingMint, type IdPrefix, type Mint, openMint } from './model/mint.ts';
export {
  isSessionOver,
  moveSession,
  type NewSession,
  newSession,
  type Session,
  sessionFromJson,
  type SessionStatus,
  sessionStatuses,
  sessionToJson,
} from './model/session.ts';
export {
  type NewSessionEvent,
  newSessionEvent,
  type SessionEvent,
  sessionEventFromJson,
  sessionEventToJson,
} from './model/session-event.ts';
export { formatMicros, readTimestamp } from './model/timestamp.ts';
export { type Coalescing, EventPipeline, type EventPipelineOptions } from './pipeline/event-pipeline.ts';
export type { PipelineNotice } from './pipeline/notice.ts';
export { telemetryToLog, telemetryToMetrics } from './telemetry/telemetry-backends.ts';
export { telemetryToSpans } from './telemetry/telemetry-spans.ts';
export type { OnTelemetry, TelemetryEvent, TelemetryName } from './telemetry/telemetry.ts';
export { type AwayPolicy, type DeliveryPlatform } from './pipeline/delivery.ts';
export { EventBuilder, type BuiltEvent, type EventBuilderOptions } from './pipeline/event-builder.ts';
export {
  filterNormalized,
  type NormalizeContext,
  type NormalizedBatch,
  type NormalizedFilter,
  normalizeEvent,
  normalizeEvents,
} from './pipeline/event-normalizer.ts';
export { compareEvents } from './pipeline/event-order.ts';
export type { EventStore } from './pipeline/event-store.ts';
export { EventStream, type NewEventStream, type StreamFilter } from './pipeline/event-stream.ts';
export { shapeWarnings } from './pipeline/event-validator.ts';
export {
  haveSameContext,
  type NormalizedEvent,
  normalizedEventFromJson,
  normalizedEventToJson,
} from './pipeline/normalized-event.ts';
export { type EventContext, resolveEventType } from './pipeline/raw-event.ts';
export type { EventSpool, SpoolPage } from './pipeline/spool-port.ts';
export {
  type ApprovalParts,
  type ApprovalRequest,
  type ApprovalWord,
  decideApproval,
  pendingApprovals,
} from './live/approvals.ts';
export { sessionIsBusy } from './live/begin-run.ts';
export type { Continuation } from './live/continuation.ts';
export {
  type FollowedSession,
  type FollowOptions,
  type FollowPlatform,
  followSession,
} from './live/follow-session.ts';
export type { SessionManagerOptions } from './live/parts.ts';
export { isAtWork } from './maintenance/at-work.ts';
export { isLeftBehind } from './live/run-lease.ts';
export type { LiveEvent, OnLiveEvent } from './live/run-intake.ts';
export type { PolicyReport } from './live/policy-guard.ts';
export { type LimiterStatus, RunLimiter } from './live/run-limiter.ts';
export { leaseOf, type RunLease } from './live/run-lease.ts';
export { SessionManager } from './live/session-manager.ts';
export { type ServerStatus, SessionServer, type SessionServerOptions } from './live/session-server.ts';
export type { StartRun, StartSession } from './live/session-options.ts';
export { type StreamOptions, type StreamSession, streamSession } from './live/stream-session.ts';
export type { RunOptions, RunResult } from './live/work-on-run.ts';
export type { MaintenanceContext, SessionArchive } from './maintenance/context.ts';
export { logMaintenance } from './maintenance/log-maintenance.ts';
export type {
  CleanedArtifact,
  MaintenanceImplementation,
  MaintenanceOptions,
  MaintenanceProblem,
  MaintenanceProgress,
  MaintenanceReport,
  MaintenanceStep,
  MarkedSession,
  PrunedSession,
  RemovedSession,
  SessionMaintenance,
} from './maintenance/port.ts';
export {
  type RetentionPolicy,
  retentionPolicy,
  retentionPolicyFromJson,
} from './maintenance/retention-policy.ts';
export { sessionMaintenance } from './maintenance/session-maintenance.ts';
export { checkedPolicy, waitsBeforeTools } from './policy/check-policies.ts';
export {
  mergePolicy,
  type NewPolicy,
  newPolicy,
  type Policy,
  type PolicyAction,
  policyActions,
  policyFromJson,
  type PolicyLimits,
  policyToJson,
  type ToolRule,
} from './policy/policy.ts';
export { PolicyMeter, type PolicyViolation, type PolicyWarning } from './policy/policy-meter.ts';
export { stackPolicies } from './policy/stack-policies.ts';
export { policyHints, type PolicyHints } from './policy/tool-lists.ts';
export type { HealthOptions, HealthStatus } from './routing/agent-health.ts';
export type { CircuitBreakerOptions, CircuitState } from './routing/circuit-breaker.ts';
export { type RoutedAgent, routedAgent, type RoutedAgentOptions } from './routing/routed-agent.ts';
export type { RequiredCapability, RoutingRules, RoutingStrategy } from './routing/routing-rules.ts';
export { readTranscript, type TranscriptQuestion } from './transcript/read-transcript.ts';
export { type AnswerSource, ReturnedAnswers } from './transcript/returned-answers.ts';
export { TranscriptBuilder, type TranscriptMessage, transcriptOf } from './transcript/transcript.ts';
export { charsPerToken, transcriptEnd, type TranscriptWindow } from './transcript/window.ts';
export type { ArtifactRows, QueryContext } from './query/context.ts';
export { logQuery } from './query/log-query.ts';
export type {
  CostFilter,
  CostGroup,
  CostSummary,
  UnmappedUsage,
  EventFilter,
  EventOrder,
  EventPage,
  EventSearch,
  MessageMatch,
  MessagePage,
  MessageSearch,
  PageOptions,
  QueryImplementation,
  RunFilter,
  RunOrder,
  RunPage,
  SessionExport,
  SessionFilter,
  SessionOrder,
  SessionPage,
  SessionQuery,
  SessionStats,
  UsageCounts,
  UsageFilter,
  UsageGroup,
  UsageSummary,
} from './query/port.ts';
export { sessionQuery } from './query/session-query.ts';
export type { Ref } from './ref.ts';
export {
  type PlannedEvent,
  type PlannedRedaction,
  type LeftEvents,
  type PlannedRun,
  planSessionRedaction,
  type RedactionChoice,
} from './redact/plan-redaction.ts';
export { redactEvent, redactExecution, redactSession } from './redact/redact-session.ts';
export { type RedactedEvents, redactSessionEvents } from './redact/redact-session-events.ts';
export type { RepeatedPart } from './redact/run-losses.ts';
export {
  artifactKind,
  artifactRecordId,
  documentOfExecution,
  documentOfSession,
  executionKind,
  executionOfRecord,
  executionRecordId,
  sessionDocumentKinds,
  sessionKind,
  sessionOfRecord,
  sessionRecordId,
} from './store/documents.ts';
export {
  type OpenSessionStore,
  openLogSessionStore,
  type SessionStoreOptions,
} from './store/log-session-store.ts';
export {
  type AppendOptions,
  type ExecutionResult,
  type GetEventsOptions,
  type ListRunsOptions,
  type ListSessionsOptions,
  requireSessionStore,
  type SessionStore,
  type SessionStoreCapabilities,
} from './store/port.ts';
export { type LegacySessionStore, liftSessionStore } from './successors/lift-session-store.ts';
export { nullSessionStore } from './successors/null-session-store.ts';
export { type PrimitiveStoreOptions, sessionStoreOf } from './successors/primitive-store.ts';
export type { SessionPrimitives, SessionState } from './successors/primitives.ts';
