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
/**
 * Of the category validation: a value does not have the form that is asked for. The same call fails again until
 * something else has changed. It stands as `validation_error` in events and in the `error` of a run.
 */
export const ValidationError = errorClass('ValidationError', ...validation, 'validation_error');
/**
 * Of the category validation: the input cannot be used. The same call fails again until something else has
 * changed. It stands as `invalid_input` in events and in the `error` of a run.
 */
export const InvalidInputError = errorClass('InvalidInputError', ...validation, 'invalid_input');
/**
 * Of the category validation: a field that is needed is missing. The same call fails again until something else
 * has changed. It stands as `missing_required_field` in events and in the `error` of a run.
 */
export const MissingRequiredFieldError = errorClass(
  'MissingRequiredFieldError',
  ...validation,
  'missing_required_field',
);
/**
 * Of the category validation: a text does not have the format that is asked for. The same call fails again until
 * something else has changed. It stands as `invalid_format` in events and in the `error` of a run.
 */
export const InvalidFormatError = errorClass('InvalidFormatError', ...validation, 'invalid_format');

const state = [SessionStateError, RangeError] as const;
/**
 * Of the category state: there is no such status. The same call fails again until something else has changed. It
 * stands as `invalid_status` in events and in the `error` of a run.
 */
export const InvalidStatusError = errorClass('InvalidStatusError', ...state, 'invalid_status');
/**
 * Of the category state: the status cannot become the one that is asked for. The same call fails again until
 * something else has changed. It stands as `invalid_transition` in events and in the `error` of a run.
 */
export const InvalidTransitionError = errorClass('InvalidTransitionError', ...state, 'invalid_transition');
/**
 * Of the category state: there is no such type of event. The same call fails again until something else has
 * changed. It stands as `invalid_event_type` in events and in the `error` of a run.
 */
export const InvalidEventTypeError = errorClass('InvalidEventTypeError', ...state, 'invalid_event_type');
/**
 * Of the category state: there is no such type of capability. The same call fails again until something else has
 * changed. It stands as `invalid_capability_type` in events and in the `error` of a run.
 */
export const InvalidCapabilityTypeError = errorClass(
  'InvalidCapabilityTypeError',
  ...state,
  'invalid_capability_type',
);
/**
 * Of the category state: the agent lacks a capability that is required. The same call fails again until something
 * else has changed. It stands as `missing_required_capability` in events and in the `error` of a run.
 */
export const MissingRequiredCapabilityError = errorClass(
  'MissingRequiredCapabilityError',
  ...state,
  'missing_required_capability',
);
/**
 * Of the category state: the stream of events is closed. The same call fails again until something else has
 * changed. It stands as `stream_closed` in events and in the `error` of a run.
 */
export const StreamClosedError = errorClass('StreamClosedError', ...state, 'stream_closed');
/**
 * Of the category state: events of another session or run are among these. The same call fails again until
 * something else has changed. It stands as `context_mismatch` in events and in the `error` of a run.
 */
export const ContextMismatchError = errorClass('ContextMismatchError', ...state, 'context_mismatch');
/** A place to go on from that was not made by this product, or belongs to another question. */
export const InvalidPageCursorError = errorClass('InvalidPageCursorError', ...state, 'invalid_cursor');
/**
 * Of the category state: this belongs to another session. The same call fails again until something else has
 * changed. It stands as `session_mismatch` in events and in the `error` of a run.
 */
export const SessionMismatchError = errorClass('SessionMismatchError', ...state, 'session_mismatch');
/**
 * Of the category state: this belongs to another run. The same call fails again until something else has changed.
 * It stands as `run_mismatch` in events and in the `error` of a run.
 */
export const RunMismatchError = errorClass('RunMismatchError', ...state, 'run_mismatch');

const absent = [SessionResourceError, NotFoundError] as const;
/**
 * Of the category resource: it is not there. The same call fails again until something else has changed. It stands
 * as `not_found` in events and in the `error` of a run.
 */
export const ResourceNotFoundError = errorClass('ResourceNotFoundError', ...absent, 'not_found');
/**
 * Of the category resource: the session is not there. The same call fails again until something else has changed.
 * It stands as `session_not_found` in events and in the `error` of a run.
 */
export const SessionNotFoundError = errorClass('SessionNotFoundError', ...absent, 'session_not_found');
/**
 * Of the category resource: the run is not there. The same call fails again until something else has changed. It
 * stands as `run_not_found` in events and in the `error` of a run.
 */
export const SessionRunNotFoundError = errorClass('SessionRunNotFoundError', ...absent, 'run_not_found');
/**
 * Of the category resource: the manifest has no such capability. The same call fails again until something else
 * has changed. It stands as `capability_not_found` in events and in the `error` of a run.
 */
export const CapabilityNotFoundError = errorClass(
  'CapabilityNotFoundError',
  ...absent,
  'capability_not_found',
);
const taken = [SessionResourceError, RangeError] as const;
/**
 * Of the category resource: there is one of that name already. The same call fails again until something else has
 * changed. It stands as `already_exists` in events and in the `error` of a run.
 */
export const AlreadyExistsError = errorClass('AlreadyExistsError', ...taken, 'already_exists');
/**
 * Of the category resource: the manifest has a capability of that name already. The same call fails again until
 * something else has changed. It stands as `duplicate_capability` in events and in the `error` of a run.
 */
export const DuplicateCapabilityError = errorClass(
  'DuplicateCapabilityError',
  ...taken,
  'duplicate_capability',
);

const provider = [SessionProviderError, Error] as const;
/**
 * Of the category provider: the provider failed. The same call fails again until something else has changed. It
 * stands as `provider_error` in events and in the `error` of a run.
 */
export const ProviderError = errorClass('ProviderError', ...provider, 'provider_error');
/**
 * Of the category provider: the provider cannot be reached. The same call can succeed a little later. It stands as
 * `provider_unavailable` in events and in the `error` of a run.
 */
export const ProviderUnavailableError = errorClass(
  'ProviderUnavailableError',
  ...provider,
  'provider_unavailable',
);
/**
 * Of the category provider: the provider asks to slow down. The same call can succeed a little later. It stands as
 * `provider_rate_limited` in events and in the `error` of a run.
 */
export const ProviderRateLimitedError = errorClass(
  'ProviderRateLimitedError',
  ...provider,
  'provider_rate_limited',
);
/**
 * Of the category provider: the provider did not answer in time. The same call can succeed a little later. It
 * stands as `provider_timeout` in events and in the `error` of a run.
 */
export const ProviderTimeoutError = errorClass('ProviderTimeoutError', ...provider, 'provider_timeout');
/**
 * Of the category provider: the provider refused the credentials. The same call fails again until something else
 * has changed. It stands as `provider_authentication_failed` in events and in the `error` of a run.
 */
export const ProviderAuthenticationError = errorClass(
  'ProviderAuthenticationError',
  ...provider,
  'provider_authentication_failed',
);
/**
 * Of the category provider: the quota at the provider is used up. The same call fails again until something else
 * has changed. It stands as `provider_quota_exceeded` in events and in the `error` of a run.
 */
export const ProviderQuotaExceededError = errorClass(
  'ProviderQuotaExceededError',
  ...provider,
  'provider_quota_exceeded',
);

const storage = [SessionStorageError, Error] as const;
/**
 * Of the category storage: the store failed. The same call fails again until something else has changed. It stands
 * as `storage_error` in events and in the `error` of a run.
 */
export const SessionStoreError = errorClass('SessionStoreError', ...storage, 'storage_error');
/**
 * Of the category storage: the store cannot be reached. The same call can succeed a little later. It stands as
 * `storage_connection_failed` in events and in the `error` of a run.
 */
export const StorageConnectionError = errorClass(
  'StorageConnectionError',
  ...storage,
  'storage_connection_failed',
);
/**
 * Of the category storage: a package that this needs is not installed. The same call fails again until something
 * else has changed. It stands as `dependency_not_available` in events and in the `error` of a run.
 */
export const DependencyNotAvailableError = errorClass(
  'DependencyNotAvailableError',
  [SessionStorageError, MissingOptionalDependency],
  Error,
  'dependency_not_available',
);
/**
 * Of the category storage: the store has an earlier layout. The same call fails again until something else has
 * changed. It stands as `migration_required` in events and in the `error` of a run.
 */
export const MigrationRequiredError = errorClass('MigrationRequiredError', ...storage, 'migration_required');
/**
 * Of the category storage: the store could not write. The same call fails again until something else has changed.
 * It stands as `storage_write_failed` in events and in the `error` of a run.
 */
export const StorageWriteError = errorClass('StorageWriteError', ...storage, 'storage_write_failed');
/**
 * Of the category storage: the store could not read. The same call fails again until something else has changed.
 * It stands as `storage_read_failed` in events and in the `error` of a run.
 */
export const StorageReadError = errorClass('StorageReadError', ...storage, 'storage_read_failed');
/**
 * Of the category storage: the question cannot be answered. The same call fails again until something else has
 * changed. It stands as `query_error` in events and in the `error` of a run.
 */
export const QueryError = errorClass('QueryError', ...storage, 'query_error');
/**
 * Of the category storage: the maintenance of the store failed. The same call fails again until something else has
 * changed. It stands as `maintenance_error` in events and in the `error` of a run.
 */
export const MaintenanceError = errorClass('MaintenanceError', ...storage, 'maintenance_error');
/**
 * Of the category storage: an event could not be kept. The same call fails again until something else has changed.
 * It stands as `persistence_error` in events and in the `error` of a run.
 */
export const PersistenceError = errorClass('PersistenceError', ...storage, 'persistence_error');

const runtime = [SessionRuntimeError, Error] as const;
/**
 * Of the category runtime: it took too long. The same call can succeed a little later. It stands as `timeout` in
 * events and in the `error` of a run.
 */
export const SessionTimeoutError = errorClass('SessionTimeoutError', ...runtime, 'timeout');
/**
 * Of the category runtime: it was cancelled. The same call fails again until something else has changed. It stands
 * as `cancelled` in events and in the `error` of a run.
 */
export const CancelledError = errorClass('CancelledError', ...runtime, 'cancelled');
/**
 * Of the category runtime: the policy does not allow it. The same call fails again until something else has
 * changed. It stands as `policy_violation` in events and in the `error` of a run.
 */
export const PolicyViolationError = errorClass('PolicyViolationError', ...runtime, 'policy_violation');
/**
 * Of the category runtime: something failed that should not have. The same call fails again until something else
 * has changed. It stands as `internal_error` in events and in the `error` of a run.
 */
export const InternalError = errorClass('InternalError', ...runtime, 'internal_error');
/**
 * Of the category runtime: it failed, and nothing says how. The same call fails again until something else has
 * changed. It stands as `unknown_error` in events and in the `error` of a run.
 */
export const UnknownError = errorClass('UnknownError', ...runtime, 'unknown_error');

const concurrency = [SessionConcurrencyError, Error] as const;
/**
 * Of the category concurrency: as many sessions are active as are allowed. The same call fails again until
 * something else has changed. It stands as `max_sessions_exceeded` in events and in the `error` of a run.
 */
export const MaxSessionsExceededError = errorClass(
  'MaxSessionsExceededError',
  ...concurrency,
  'max_sessions_exceeded',
);
/**
 * Of the category concurrency: as many runs are active as are allowed. The same call fails again until something
 * else has changed. It stands as `max_runs_exceeded` in events and in the `error` of a run.
 */
export const MaxRunsExceededError = errorClass('MaxRunsExceededError', ...concurrency, 'max_runs_exceeded');
/**
 * Of the category concurrency: the agent cannot do this. The same call fails again until something else has
 * changed. It stands as `capability_not_supported` in events and in the `error` of a run.
 */
export const CapabilityNotSupportedError = errorClass(
  'CapabilityNotSupportedError',
  ...concurrency,
  'capability_not_supported',
);
/**
 * Of the category concurrency: this cannot be done here. The same call fails again until something else has
 * changed. It stands as `invalid_operation` in events and in the `error` of a run.
 */
export const InvalidOperationError = errorClass('InvalidOperationError', ...concurrency, 'invalid_operation');

const tool = [SessionToolError, Error] as const;
/**
 * Of the category tool: a tool failed. The same call fails again until something else has changed. It stands as
 * `tool_error` in events and in the `error` of a run.
 */
export const AgentToolError = errorClass('AgentToolError', ...tool, 'tool_error');
/**
 * Of the category tool: there is no such tool. The same call fails again until something else has changed. It
 * stands as `tool_not_found` in events and in the `error` of a run.
 */
export const AgentToolNotFoundError = errorClass(
  'AgentToolNotFoundError',
  SessionToolError,
  NotFoundError,
  'tool_not_found',
);
/**
 * Of the category tool: a tool ended with a failure. The same call fails again until something else has changed.
 * It stands as `tool_execution_failed` in events and in the `error` of a run.
 */
export const ToolExecutionError = errorClass('ToolExecutionError', ...tool, 'tool_execution_failed');
/**
 * Of the category tool: the tool is not allowed. The same call fails again until something else has changed. It
 * stands as `tool_permission_denied` in events and in the `error` of a run.
 */
export const ToolPermissionError = errorClass('ToolPermissionError', ...tool, 'tool_permission_denied');
/**
 * Of the category tool: the command is not there. The same call fails again until something else has changed. It
 * stands as `command_not_found` in events and in the `error` of a run.
 */
export const CommandNotFoundError = errorClass(
  'CommandNotFoundError',
  SessionToolError,
  NotFoundError,
  'command_not_found',
);
/**
 * Of the category tool: the command did not end in time. The same call fails again until something else has
 * changed. It stands as `command_timeout` in events and in the `error` of a run.
 */
export const CommandTimeoutError = errorClass('CommandTimeoutError', ...tool, 'command_timeout');
/**
 * Of the category tool: the command ended with a failure. The same call fails again until something else has
 * changed. It stands as `command_failed` in events and in the `error` of a run.
 */
export const CommandFailedError = errorClass('CommandFailedError', ...tool, 'command_failed');
