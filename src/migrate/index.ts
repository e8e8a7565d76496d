/**
 * migrate: how history is moved between stores, and brought along from programs that keep it otherwise. Receives sources and a
 * destination from app, hands a report back; it never changes a source.
 */
export { activeGraphLayout, type ActiveGraphLayout, isNewerLayout } from './activegraph/layout.ts';
export { activeGraphSource, type ActiveGraphSourceOptions } from './activegraph/activegraph-source.ts';
export { asmLayout, type AsmLayout } from './asm/layout.ts';
export { asmSource, type AsmSourceOptions } from './asm/asm-source.ts';
export { listLogs } from './list-logs.ts';
export { type DriverRecords, logSource, type LogSourceOptions } from './log-source.ts';
export { type ChosenRun, chooseRuns } from './choose-runs.ts';
export { verifyRun as verifyCopy } from './copy-run.ts';
export { migrate, type MigrateOptions, moveRuns } from './migrate.ts';
export { readMark } from './partial-mark.ts';
export type { MigrationProgress, MigrationReport, RunReport, RunStatus, SkippedEvent } from './report.ts';
export type { MigrationSource, SourceEvent, SourceRecord, SourceRun } from './source.ts';
export { aoHistorySource, type AoHistoryOptions } from './ao/history/ao-history-source.ts';
export type { AoSession, AoSessions } from './ao/history/ao-session.ts';
export { transcriptFinder, type TranscriptPlaces } from './ao/history/find-transcripts.ts';
export { legacySessions } from './ao/history/legacy-sessions.ts';
export { isReadableRewrite, rewriteSessions, rewriteVersion } from './ao/history/rewrite-sessions.ts';
export {
  AoMigrationRefused,
  LegacyRegistryError,
  migrationRefused,
  type RefusalCode,
  TranscriptUnreadableError,
} from './ao/errors.ts';
export type { FileText, FolderList, LegacyFiles } from './ao/legacy/legacy-files.ts';
export { migrateAo, type AoMigrationInput } from './ao/migrate-ao.ts';
export { resolvePlaces, type Places } from './ao/places.ts';
export { type AoMigration, hasFailed, reportJson, reportLines } from './ao/plan/report.ts';
export type { AoTarget, Transcripts } from './ao/target/target-port.ts';
export { DamagedExportError, damagedExport } from './jsonl/errors.ts';
export { eventLineText } from './jsonl/event-line.ts';
export type { ImportProgress, ImportReport, RefusedLine } from './jsonl/import-report.ts';
export { importRuns, type ImportRunsOptions } from './jsonl/import-runs.ts';
export { versionLineText } from './jsonl/version-line.ts';
export { storedHashAt } from './stored-hash.ts';
export { aoMigrations, aoSchema } from './ao/target/target-schema.ts';
