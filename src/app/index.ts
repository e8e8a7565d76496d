/**
 * app: the package's root. It puts the rooms together: a URL becomes a store, a store becomes a run, and this machine's time,
 * chance and hashing are lent to the pure rooms. The only importer of adapters.
 */
export {
  type Clock,
  ConfigurationError,
  errorClass,
  ExecutionError,
  frozenClock,
  IncompatibleRuntimeState,
  InternalEvaluatorError,
  InvalidArgumentType,
  InvalidRuntimeConfiguration,
  isStructuredError,
  type JsonObject,
  type JsonValue,
  logicalClock,
  MissingOptionalDependency,
  NotFoundError,
  PackError,
  PatternError,
  RegistrationError,
  ReplayError,
  RunlogError,
  RunlogError as ActiveGraphError,
  StorageError,
  type StructuredError,
} from '../base/index.ts';
export {
  type BoundedTags,
  type Logger,
  type LogLevel,
  type Metrics,
  NoOpMetrics,
  type Tags,
  type Tracing,
} from '../base/index.ts';
export { PrometheusMetrics, type PrometheusMetricsOptions } from '../adapters/metrics/prometheus/index.ts';
export {
  OpenTelemetryMetrics,
  type OpenTelemetryMetricsOptions,
  OpenTelemetryTracing,
  type OpenTelemetryTracingOptions,
} from '../adapters/metrics/opentelemetry/index.ts';
export { configureLogging, type LoggingOptions } from './observe/configure-logging.ts';
export { sessionTelemetry, type SessionTelemetryOptions } from './observe/session-telemetry.ts';
export {
  InvalidToolRegistration,
  LLMBehaviorError,
  llmError,
  MissingProviderError,
  MissingToolError,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  scriptedModel,
  type Tool,
  tool,
  type ToolInvoker,
  ToolError,
  toolError,
  UnknownToolError,
} from '../effects/index.ts';
export {
  DanglingRelationError,
  diffGraphs,
  type GraphDiff,
  type GraphObject,
  type GraphReader,
  type GraphWriter,
  InvalidPatchLifecycleState,
  InvalidPatchOperation,
  ObjectNotFoundError,
  type ObjectType,
  objectType,
  PackSchemaViolation,
  type Patch,
  PatchNotFoundError,
  type Relation,
  type RelationType,
  relationType,
  ReservedEventTypeError,
  ReservedFieldError,
  UnsupportedPatternError,
} from '../graph/index.ts';
export {
  AtomicCommitUnsupportedError,
  ConcurrentWriterError,
  CorruptedEventPayloadError,
  DamagedHistoryError,
  DuplicateEventError,
  EventNotFoundError,
  FencedError,
  ForeignDatabaseError,
  InvalidEventError,
  InvalidUpcastError,
  type LogEvent,
  type LogStore,
  NonSerializableEventError,
  RunExistsError,
  RunNotFoundError,
  RunOwnedError,
  SchemaVersionMismatch,
  StoreClosedError,
  StoreNotFoundError,
  StoreUnavailableError,
  UnknownCommitError,
  upcast,
  type Upcast,
  UpcastError,
} from '../log/index.ts';
export {
  type Pack,
  pack,
  PackConflictError,
  PackNotFoundError,
  PackPromptLoadError,
  PackSettingsMissingError,
  PackValidationError,
  PackVersionConflictError,
} from '../packs/index.ts';
export {
  AmbiguousBehaviorError,
  AmbiguousToolError,
  ApprovalNotFoundError,
  ApprovalRequiredError,
  type Behavior,
  behavior,
  BehaviorNotFoundError,
  type Budget,
  type Context,
  type Divergence,
  type EventMap,
  type EventOf,
  type Frame,
  type HandlerInput,
  InvalidActivateAfter,
  InvalidOverrideError,
  llmBehavior,
  relationBehavior,
  type PendingApproval,
  PromoteConflictError,
  PromoteLineageError,
  type Promotion,
  type PromotionPlan,
  ReplayDivergenceError,
  type RunDiff,
  type RunFailure,
  type Runtime,
  RuntimeClosedError,
  RuntimeContextRequiredError,
  type RuntimeStatus,
  type SnapshotOptions,
  ToolNotFoundError,
  type VerifyReport,
  volatileFields,
} from '../runtime/index.ts';
export {
  type CheckedPort,
  checkPort,
  checkSessionStore,
  checkStore,
  loadSessionStoreMaker,
  loadStoreMaker,
  StoreModuleError,
} from './kit/check-store.ts';
export { type ChosenRun } from './choose-run.ts';
export {
  decideApproval,
  type DecisionRequest,
  listApprovals,
  type PendingApprovals,
} from './decide-approval.ts';
export { diffRuns, type DiffRequest } from './diff-runs.ts';
export { type ExportOptions, exportTrace, type TraceFormat } from './export-trace.ts';
export {
  type Inspected,
  inspectBehaviors,
  inspectEvent,
  type InspectLogOptions,
  type InspectOptions,
  inspectPacks,
  inspectLog,
  inspectRun,
} from './inspect/inspect-run.ts';
export { type InspectedMemos, inspectMemos } from './inspect/inspect-memos.ts';
export { type SearchedEvent, searchEvents } from './inspect/search-events.ts';
export { type AvailablePack, listPacks } from './packs/list-packs.ts';
export { isPackName, type NewPack, newPack } from './packs/new-pack.ts';
export { watchRun } from './inspect/watch-run.ts';
export { type SettingText } from './fork/chosen-overrides.ts';
export { forkRun, type ForkRunRequest } from './fork/fork-run.ts';
export { listRuns } from './list-runs.ts';
export { type AoMigrationRequest, migrateAoHome } from './migrate/migrate-ao-home.ts';
export { nodePlatform, sha256, sleep, systemClock } from './node-platform.ts';
export { load, open } from './open.ts';
export type { LoadOptions, OpenOptions } from './open-options.ts';
export { importAo, type ImportAoOptions } from './migrate/import-ao.ts';
export { ImportFileError, importFile, type ImportOptions } from './migrate/import-file.ts';
export { openEventPipeline, type OpenEventPipelineOptions } from './open-event-pipeline.ts';
export { failedStore } from './migrate/failed-store.ts';
export { migrateStore, type MigrateStoreOptions } from './migrate/migrate-store.ts';
export { openSource } from './migrate/open-source.ts';
export { openStore, type StoreMode } from './open-store.ts';
export { openSessionManager, type OpenSessionManagerOptions } from './sessions/open-session-manager.ts';
export { readSession, readSessionEvents, type ShownSession } from './sessions/read-session.ts';
export { openSessionStore, type OpenSessionStoreOptions, systemMint } from './sessions/open-session-store.ts';
export { type AgentName, agentNames } from './agents/chosen-agent.ts';
export { type AgentCallReport, type AgentCallRequest, runAgent } from './agents/run-agent.ts';
export { listSessions, type ListedSessions, type SessionsAsked } from './sessions/list-sessions.ts';
export { sumUsageOfStore, type UsageAsked } from './sessions/sum-usage.ts';
export {
  InvalidPageCursorError,
  type SessionEventType,
  sessionEventTypes,
  sessionStatuses,
} from '../sessions/index.ts';
export { redactEvents, type RedactionReport, type RedactOptions } from './sessions/redact-events.ts';
export { type QueryOptions, queryRef } from './sessions/query-ref.ts';
export { maintainStore, type MaintainOptions, type StoreMaintenance } from './sessions/maintain-store.ts';
export { PolicyFileError, readPolicyFile, readRunPolicyFile } from './sessions/policy-file.ts';
export { maintenanceRef, type MaintenanceRefOptions } from './sessions/maintenance-ref.ts';
export { type ArtifactsMode, type OpenArtifacts, openArtifacts } from './artifacts/open-artifacts.ts';
export { outputFailed, OutputFileError, type OutputOptions, writeOutputFile } from './output-file.ts';
export {
  type EstimateBasis,
  type ForkPlan,
  type ForkToPlan,
  type LiveCall,
  planFork,
  planStoredFork,
  type StoredForkToPlan,
} from './replay/plan-fork.ts';
export { loadProgramFile, type Program, ProgramFileError } from './program/program-file.ts';
export { packsOfFile, programOf } from './program/program.ts';
export { type ProjectedRun, projectRun, verifyStoredRun } from './replay/replay-run.ts';
export { planPromotion, promoteFork, type PromoteRequest } from './promote-fork.ts';
export { quickstart, type QuickstartRequest } from './quickstart.ts';
export type {
  QuickstartProgress,
  QuickstartReport,
  RunReport as QuickstartRunReport,
} from './run-quickstart.ts';
export { FixtureStoreError, folderFixtures } from '../adapters/fixtures/folder/index.ts';
export { type FileSpool, openFileSpool } from '../adapters/spool/file/index.ts';
export { schemaStatus, upgradeStoreSchema } from './store-schema.ts';
export { InvalidStoreURL } from './store-url/invalid-store-url.ts';
export { loadPromptsFromDirectory } from './prompt-directory.ts';
export { checkVerified, verifyRun } from './replay/verify-run.ts';
export { parseStoreUrl, type StoreUrl } from './store-url/store-url.ts';
export {
  archiveRuns,
  deleteRuns,
  type LeavingRun,
  type PartialRun,
  type RetentionOptions,
  type RetentionReport,
} from './upkeep/retention.ts';
export { type Detached, detachRun, pinRun, unpinRun, whyKept } from './upkeep/pin-run.ts';
export type { KeptLog, KeptReason, RetentionPolicy } from '../upkeep/index.ts';
export { backupStore, type BackupReport } from './upkeep/backup.ts';
export { doctor, type DoctorOptions } from './upkeep/doctor.ts';
export type { DoctorProgress, DoctorReport, Finding, FindingCode, Severity } from '../upkeep/index.ts';
export { whyObject } from './why-object.ts';
export { version } from '../base/index.ts';
export {
  MalformedMigrationError,
  type Migration,
  MigrationFailedError,
  MigrationHistoryError,
  type MigrationState,
  type MigrationStatus,
  type Upgrade,
} from '../schema/index.ts';
export {
  DamagedExportError,
  type ImportProgress,
  type ImportReport,
  migrate,
  type MigrateOptions,
  type MigrationProgress,
  type MigrationReport,
  type MigrationSource,
  type RunReport as MigratedRunReport,
  type AoMigration,
  AoMigrationRefused,
  hasFailed as hasAoMigrationFailed,
  LegacyRegistryError,
  TranscriptUnreadableError,
  migrationRefused,
  reportJson as aoReportJson,
  reportLines as aoReportLines,
} from '../migrate/index.ts';
