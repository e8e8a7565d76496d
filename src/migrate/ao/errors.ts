/** Decides what is said when a legacy home cannot be migrated: the catalogue of the room. */
import { ConfigurationError, errorClass, StorageError, type StructuredError } from '../../base/index.ts';

/** The migration was refused before anything was written; `context.refusal` is one of the codes. */
export const AoMigrationRefused = errorClass('AoMigrationRefused', StorageError);

/** The registry of the legacy tool cannot be read, so nothing is known about its projects. */
export const LegacyRegistryError = errorClass('LegacyRegistryError', ConfigurationError);

/** What was said in a session is there, and cannot be read: the session is not imported without it. */
export const TranscriptUnreadableError = errorClass('TranscriptUnreadableError', StorageError);

/** Why nothing was migrated. The names are the contract with whoever calls the command. */
export type RefusalCode =
  | 'BETTER_SQLITE3_UNAVAILABLE'
  | 'DATA_DIR_INVALID'
  | 'DAEMON_RUNNING'
  | 'LEGACY_RUNNING'
  | 'DB_LOCKED'
  | 'SCHEMA_TOO_OLD'
  | 'SCHEMA_UNRECOGNISED'
  | 'NOT_A_DATABASE';

export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence. */
  readonly whatFailed: string;
  readonly howToFix: string;
}

const reasons: Readonly<Record<RefusalCode, string>> = {
  BETTER_SQLITE3_UNAVAILABLE: 'Without a driver for SQLite there is no database to write.',
  DATA_DIR_INVALID: 'The rewrite looks for its database in one place, and it has to be there.',
  DAEMON_RUNNING: 'A daemon that runs does not see rows that somebody else puts into its database.',
  LEGACY_RUNNING: 'While the legacy tool runs it changes the files that are being read.',
  DB_LOCKED: 'Two writers of one database would wait for each other.',
  SCHEMA_TOO_OLD: 'Only the rewrite brings its own database forward.',
  SCHEMA_UNRECOGNISED: 'Rows go only into tables of which every needed column is known.',
  NOT_A_DATABASE: 'A file of somebody else is never written over.',
};

/** Makes the refusal of a migration of the Agent Orchestrator. */
export function migrationRefused({ code, whatFailed, howToFix }: Refusal): StructuredError {
  return new AoMigrationRefused({
    summary: `Migration refused (${code}): ${whatFailed}`,
    whatFailed,
    why: reasons[code],
    howToFix,
    context: { refusal: code },
  });
}

export function registryUnreadable(data: {
  readonly path: string;
  readonly problem: string;
}): StructuredError {
  const { path, problem } = data;
  return new LegacyRegistryError({
    summary: `${path} cannot be read: ${problem}`,
    whatFailed: `The list of projects in ${path} cannot be read: ${problem}.`,
    why: 'Projects that are not seen would be left behind without a word.',
    howToFix: 'Mend the file, or name another one with `ao-migrate --config FILE`.',
    context: { path },
  });
}

export function transcriptUnreadable(data: {
  readonly path: string;
  readonly cause: unknown;
}): StructuredError {
  const { path, cause } = data;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new TranscriptUnreadableError({
    summary: `the transcript ${path} cannot be read`,
    whatFailed: `The transcript ${path} cannot be read: ${problem}.`,
    why: 'A session without what was said in it would look whole, and the rest could not be put in its place later.',
    howToFix:
      'Make the file readable, or move it away, and run the same command again: it brings what is missing.',
    context: { path },
    cause,
  });
}
