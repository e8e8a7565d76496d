/**
 * Decides the exit code of every failure: 1 failed in part or whole, 2 usage, 3 not found, 4 history damaged or verification
 * failed, 5 divergence or conflict. The first row that fits counts.
 */
import {
  ConcurrentWriterError,
  CorruptedEventPayloadError,
  DamagedHistoryError,
  DuplicateEventError,
  FencedError,
  ForeignDatabaseError,
  RunExistsError,
  RunOwnedError,
  SchemaVersionMismatch,
  StoreUnavailableError,
} from '../log/index.ts';
import {
  type ErrorClass,
  InvalidRuntimeConfiguration,
  isStructuredError,
  NotFoundError,
  ReplayError,
  type StructuredError,
} from '../base/index.ts';
import {
  DamagedExportError,
  ImportFileError,
  PolicyFileError,
  InvalidOverrideError,
  InvalidPageCursorError,
  InvalidStoreURL,
  MigrationHistoryError,
  ProgramFileError,
  PromoteConflictError,
  StoreModuleError,
} from '../app/index.ts';
import { UsageError } from './usage-error.ts';

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  damaged: 4,
  conflict: 5,
  interrupted: 130,
} as const;

/** What a look at a store ends with. */
export const healthCodes = {
  whole: exitCodes.ok,
  repairable: exitCodes.failed,
  damaged: exitCodes.damaged,
} as const;

type FailureCode = 1 | 2 | 3 | 4 | 5;

interface Row {
  readonly of: ErrorClass | typeof NotFoundError;
  /** Where a class has more than one meaning: the reason in its context. */
  readonly reason?: string;
  readonly code: FailureCode;
}

const rows: readonly Row[] = [
  { of: UsageError, code: exitCodes.usage },
  { of: InvalidStoreURL, code: exitCodes.usage },
  { of: ProgramFileError, code: exitCodes.usage },
  { of: PolicyFileError, reason: 'missing', code: exitCodes.notFound },
  { of: PolicyFileError, code: exitCodes.usage },
  { of: InvalidOverrideError, code: exitCodes.usage },
  { of: InvalidRuntimeConfiguration, reason: 'inside-changes', code: exitCodes.usage },
  { of: InvalidRuntimeConfiguration, reason: 'agent-choice', code: exitCodes.usage },
  { of: InvalidPageCursorError, code: exitCodes.usage },
  { of: StoreModuleError, code: exitCodes.usage },
  { of: CorruptedEventPayloadError, code: exitCodes.damaged },
  { of: DamagedHistoryError, code: exitCodes.damaged },
  { of: SchemaVersionMismatch, code: exitCodes.damaged },
  { of: MigrationHistoryError, code: exitCodes.damaged },
  { of: DamagedExportError, code: exitCodes.damaged },
  { of: ImportFileError, reason: 'missing', code: exitCodes.notFound },
  { of: ForeignDatabaseError, reason: 'not-a-database', code: exitCodes.damaged },
  { of: ConcurrentWriterError, code: exitCodes.conflict },
  { of: DuplicateEventError, code: exitCodes.conflict },
  { of: FencedError, code: exitCodes.conflict },
  { of: RunOwnedError, code: exitCodes.conflict },
  { of: RunExistsError, code: exitCodes.conflict },
  { of: StoreUnavailableError, reason: 'busy', code: exitCodes.conflict },
  { of: ReplayError, code: exitCodes.conflict },
  { of: PromoteConflictError, code: exitCodes.conflict },
  { of: NotFoundError, code: exitCodes.notFound },
];

/** The exit code that an error ends the process with. */
export function exitCodeOf(error: unknown): FailureCode {
  return rows.find((row) => fits(row, error))?.code ?? exitCodes.failed;
}

function fits({ of, reason }: Row, error: unknown): boolean {
  if (!(error instanceof of)) return false;
  return reason === undefined || (isStructuredError(error) && reasonOf(error) === reason);
}

function reasonOf({ context }: StructuredError): unknown {
  return context['reason'];
}
