/**
 * Decides the classes of what sessions refuse: a root, eight categories, and one leaf for each stored code. The `code` of a leaf
 * is the code that stands in events, in the `error` of a run, and in answers to programs.
 */
import {
  errorClass,
  MissingOptionalDependency,
  NotFoundError,
  RunlogError,
  StorageError,
} from '../../base/index.ts';

/** Everything that sessions throw on purpose, whatever its category. */
export const SessionError = errorClass('SessionError', RunlogError);

/** A value that was handed in does not fit. */
export const SessionValidationError = errorClass('SessionValidationError', SessionError, TypeError);
/** A call that the present state does not allow. */
export const SessionStateError = errorClass('SessionStateError', SessionError);
/** Something was asked for by name that is not there, or made twice. */
export const SessionResourceError = errorClass('SessionResourceError', SessionError);
/** A provider of agents could not do its work. */
export const SessionProviderError = errorClass('SessionProviderError', SessionError);
/** A session store could not do its work. */
export const SessionStorageError = errorClass('SessionStorageError', [SessionError, StorageError]);
/** A run of an agent ended before its work was done. */
export const SessionRuntimeError = errorClass('SessionRuntimeError', SessionError);
/** A limit was reached, or two things cannot be done at the same time. */
export const SessionConcurrencyError = errorClass('SessionConcurrencyError', SessionError);
/** A tool of an agent, or a command, failed. */
export const SessionToolError = errorClass('SessionToolError', SessionError);

const validation = [SessionValidationError, TypeError] as const;
export const ValidationError = errorClass('ValidationError', ...validation, 'validation_error');
export const InvalidInputError = errorClass('InvalidInputError', ...validation, 'invalid_input');
export const MissingRequiredFieldError = errorClass(
  'MissingRequiredFieldError',
  ...validation,
  'missing_required_field',
);
export const InvalidFormatError = errorClass('InvalidFormatError', ...validation, 'invalid_format');

const state = [SessionStateError, RangeError] as const;
export const InvalidStatusError = errorClass('InvalidStatusError', ...state, 'invalid_status');
export const InvalidTransitionError = errorClass('InvalidTransitionError', ...state, 'invalid_transition');
export const InvalidEventTypeError = errorClass('InvalidEventTypeError', ...state, 'invalid_event_type');
export const InvalidCapabilityTypeError = errorClass(
  'InvalidCapabilityTypeError',
  ...state,
  'invalid_capability_type',
);
export const MissingRequiredCapabilityError = errorClass(
  'MissingRequiredCapabilityError',
  ...state,
  'missing_required_capability',
);
export const StreamClosedError = errorClass('StreamClosedError', ...state, 'stream_closed');
export const ContextMismatchError = errorClass('ContextMismatchError', ...state, 'context_mismatch');
/** A place to go on from that was not made by this product, or belongs to another question. */
export const InvalidPageCursorError = errorClass('InvalidPageCursorError', ...state, 'invalid_cursor');
export const SessionMismatchError = errorClass('SessionMismatchError', ...state, 'session_mismatch');
export const RunMismatchError = errorClass('RunMismatchError', ...state, 'run_mismatch');

const absent = [SessionResourceError, NotFoundError] as const;
export const ResourceNotFoundError = errorClass('ResourceNotFoundError', ...absent, 'not_found');
export const SessionNotFoundError = errorClass('SessionNotFoundError', ...absent, 'session_not_found');
export const SessionRunNotFoundError = errorClass('SessionRunNotFoundError', ...absent, 'run_not_found');
export const CapabilityNotFoundError = errorClass(
  'CapabilityNotFoundError',
  ...absent,
  'capability_not_found',
);
const taken = [SessionResourceError, RangeError] as const;
export const AlreadyExistsError = errorClass('AlreadyExistsError', ...taken, 'already_exists');
export const DuplicateCapabilityError = errorClass(
  'DuplicateCapabilityError',
  ...taken,
  'duplicate_capability',
);

const provider = [SessionProviderError, Error] as const;
export const ProviderError = errorClass('ProviderError', ...provider, 'provider_error');
export const ProviderUnavailableError = errorClass(
  'ProviderUnavailableError',
  ...provider,
  'provider_unavailable',
);
export const ProviderRateLimitedError = errorClass(
  'ProviderRateLimitedError',
  ...provider,
  'provider_rate_limited',
);
export const ProviderTimeoutError = errorClass('ProviderTimeoutError', ...provider, 'provider_timeout');
export const ProviderAuthenticationError = errorClass(
  'ProviderAuthenticationError',
  ...provider,
  'provider_authentication_failed',
);
export const ProviderQuotaExceededError = errorClass(
  'ProviderQuotaExceededError',
  ...provider,
  'provider_quota_exceeded',
);

const storage = [SessionStorageError, Error] as const;
export const SessionStoreError = errorClass('SessionStoreError', ...storage, 'storage_error');
export const StorageConnectionError = errorClass(
  'StorageConnectionError',
  ...storage,
  'storage_connection_failed',
);
export const DependencyNotAvailableError = errorClass(
  'DependencyNotAvailableError',
  [SessionStorageError, MissingOptionalDependency],
  Error,
  'dependency_not_available',
);
export const MigrationRequiredError = errorClass('MigrationRequiredError', ...storage, 'migration_required');
export const StorageWriteError = errorClass('StorageWriteError', ...storage, 'storage_write_failed');
export const StorageReadError = errorClass('StorageReadError', ...storage, 'storage_read_failed');
export const QueryError = errorClass('QueryError', ...storage, 'query_error');
export const MaintenanceError = errorClass('MaintenanceError', ...storage, 'maintenance_error');
export const PersistenceError = errorClass('PersistenceError', ...storage, 'persistence_error');

const runtime = [SessionRuntimeError, Error] as const;
export const SessionTimeoutError = errorClass('SessionTimeoutError', ...runtime, 'timeout');
export const CancelledError = errorClass('CancelledError', ...runtime, 'cancelled');
export const PolicyViolationError = errorClass('PolicyViolationError', ...runtime, 'policy_violation');
export const InternalError = errorClass('InternalError', ...runtime, 'internal_error');
export const UnknownError = errorClass('UnknownError', ...runtime, 'unknown_error');

const concurrency = [SessionConcurrencyError, Error] as const;
export const MaxSessionsExceededError = errorClass(
  'MaxSessionsExceededError',
  ...concurrency,
  'max_sessions_exceeded',
);
export const MaxRunsExceededError = errorClass('MaxRunsExceededError', ...concurrency, 'max_runs_exceeded');
export const CapabilityNotSupportedError = errorClass(
  'CapabilityNotSupportedError',
  ...concurrency,
  'capability_not_supported',
);
export const InvalidOperationError = errorClass('InvalidOperationError', ...concurrency, 'invalid_operation');

const tool = [SessionToolError, Error] as const;
export const AgentToolError = errorClass('AgentToolError', ...tool, 'tool_error');
export const AgentToolNotFoundError = errorClass(
  'AgentToolNotFoundError',
  SessionToolError,
  NotFoundError,
  'tool_not_found',
);
export const ToolExecutionError = errorClass('ToolExecutionError', ...tool, 'tool_execution_failed');
export const ToolPermissionError = errorClass('ToolPermissionError', ...tool, 'tool_permission_denied');
export const CommandNotFoundError = errorClass(
  'CommandNotFoundError',
  SessionToolError,
  NotFoundError,
  'command_not_found',
);
export const CommandTimeoutError = errorClass('CommandTimeoutError', ...tool, 'command_timeout');
export const CommandFailedError = errorClass('CommandFailedError', ...tool, 'command_failed');
