/**
 * Decides how a session error is made, told apart, written into a run or an event, and read back. Any failure that is thrown has a
 * code here, so that what is recorded never depends on which room a failure came from.
 */
import {
  isJsonObject,
  isStructuredError,
  type JsonObject,
  MissingOptionalDependency,
  NotFoundError,
  StorageError,
  type StructuredError,
} from '../../base/index.ts';
import {
  ConcurrentWriterError,
  DamagedHistoryError,
  InvalidCursorError,
  NonSerializableEventError,
  SchemaVersionMismatch,
  StoreClosedError,
  StoreUnavailableError,
} from '../../log/index.ts';
import { SessionError } from './error-classes.ts';
import {
  isSessionErrorCode,
  type SessionErrorCategory,
  type SessionErrorCode,
  sessionErrorMeaning,
} from './error-codes.ts';

/** What an error of sessions carries besides its code. */
export interface SessionErrorData {
  /** Data for programs; it becomes the `context` of the error. */
  readonly details?: JsonObject;
  /** What a provider said, as it is kept beside the error. */
  readonly providerError?: JsonObject;
  /** What was tried, as a sentence; the message by default. */
  readonly whatFailed?: string;
  readonly why?: string;
  readonly howToFix?: string;
  readonly cause?: unknown;
}

/** An error as it stands in the `error` of a run and in exports. */
export interface SessionErrorJson extends JsonObject {
  readonly code: string;
  readonly message: string;
}

/** Makes an error of a code. `message` is one line that stands alone; the code's own sentence without it. */
export function sessionError(
  code: SessionErrorCode,
  message?: string,
  data: SessionErrorData = {},
): StructuredError {
  const meaning = sessionErrorMeaning(code);
  const summary = message ?? meaning.message;
  const { details = {}, providerError } = data;
  return new meaning.of({
    summary,
    whatFailed: data.whatFailed ?? sentenceOf(summary),
    why: data.why ?? meaning.why,
    howToFix: data.howToFix ?? meaning.howToFix,
    context: providerError === undefined ? details : { ...details, provider_error: providerError },
    cause: data.cause,
  });
}

/** What somebody else has said may be a sentence already. */
function sentenceOf(summary: string): string {
  return `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}${/[.!?…]$/.test(summary) ? '' : '.'}`;
}

/** The stored code of anything that was thrown. */
export function sessionErrorCode(error: unknown): SessionErrorCode {
  if (!isStructuredError(error)) return 'unknown_error';
  if (isSessionErrorCode(error.code)) return error.code;
  return rows.find(([of]) => error instanceof of)?.[1] ?? 'internal_error';
}

/** What the errors of other rooms are called in a session. The first row that fits counts. */
const rows: readonly (readonly [abstract new (...args: never[]) => Error, SessionErrorCode])[] = [
  [StoreUnavailableError, 'storage_connection_failed'],
  [StoreClosedError, 'storage_connection_failed'],
  [SchemaVersionMismatch, 'migration_required'],
  [MissingOptionalDependency, 'dependency_not_available'],
  [NonSerializableEventError, 'validation_error'],
  [InvalidCursorError, 'invalid_cursor'],
  [ConcurrentWriterError, 'storage_write_failed'],
  [DamagedHistoryError, 'storage_read_failed'],
  [NotFoundError, 'not_found'],
  [StorageError, 'storage_error'],
];

/** The category of anything that was thrown, or of a code; `unknown` for what has none. */
export function sessionErrorCategory(error: unknown): SessionErrorCategory | 'unknown' {
  const code = typeof error === 'string' ? error : sessionErrorCode(error);
  return sessionErrorMeaning(code)?.category ?? 'unknown';
}

/** True when the same call can succeed a little later. */
export function isRetryable(error: unknown): boolean {
  const code = typeof error === 'string' ? error : sessionErrorCode(error);
  return sessionErrorMeaning(code)?.retryable ?? false;
}

/** How a failure is written into a run. */
export function sessionErrorToJson(error: unknown): SessionErrorJson {
  const code = sessionErrorCode(error);
  if (!isStructuredError(error)) {
    return { code, message: error instanceof Error ? error.message : String(error) };
  }
  const { provider_error: providerError, ...details } = error.context;
  return {
    code,
    message: error.summary,
    ...(Object.keys(details).length === 0 ? {} : { details }),
    ...(isJsonObject(providerError) ? { provider_error: providerError } : {}),
  };
}

/** The failure that was written into a run. Throws `ValidationError` for a code that is none, and without a message. */
export function sessionErrorFromJson(json: unknown): StructuredError {
  if (!isJsonObject(json)) throw sessionError('validation_error', 'Invalid error map');
  const { code, message, details, provider_error: providerError } = json;
  if (typeof code !== 'string' || !isSessionErrorCode(code)) {
    throw sessionError(
      'validation_error',
      `the code of an error is not known: ${JSON.stringify(code ?? null)}`,
    );
  }
  if (typeof message !== 'string' || message === '') {
    throw sessionError('validation_error', 'message is required', { details: { field: 'message' } });
  }
  return sessionError(code, message, {
    ...(isJsonObject(details) ? { details } : {}),
    ...(isJsonObject(providerError) ? { providerError } : {}),
  });
}

/** True for what sessions throw on purpose. */
export function isSessionError(value: unknown): value is StructuredError {
  return value instanceof SessionError;
}
