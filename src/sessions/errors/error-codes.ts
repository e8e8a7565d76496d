/**
 * Decides what each code of a session error means: its class, whether trying again can help, the sentence that stands in when
 * nobody says more, why such a thing is refused, and what to do about it.
 */
import type { ErrorClass } from '../../base/index.ts';
import * as classes from './error-classes.ts';

/** What kind of trouble an error of sessions tells of. */
export type SessionErrorCategory =
  | 'validation'
  | 'state'
  | 'resource'
  | 'provider'
  | 'storage'
  | 'runtime'
  | 'concurrency'
  | 'tool';

/** What a code means: class, category, whether trying again may help, texts. */
export interface SessionErrorMeaning {
  readonly of: ErrorClass;
  readonly category: SessionErrorCategory;
  /** True when the same call can succeed a little later. */
  readonly retryable: boolean;
  readonly message: string;
  readonly why: string;
  readonly howToFix: string;
}

type Row = readonly [of: ErrorClass, message: string, howToFix: string, retryable?: 'retryable'];

const validation = {
  validation_error: [
    classes.ValidationError,
    'a value does not have the form that is asked for',
    'The message, or `context`, names the field: give it a value of the form that is asked for.',
  ],
  invalid_input: [
    classes.InvalidInputError,
    'the input cannot be used',
    'Hand in a text, `{ prompt }` or `{ messages: [{ role, content }] }`.',
  ],
  missing_required_field: [
    classes.MissingRequiredFieldError,
    'a field that is needed is missing',
    'Fill the field that is named.',
  ],
  invalid_format: [
    classes.InvalidFormatError,
    'a text does not have the format that is asked for',
    'Write it in the format that is named.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const state = {
  invalid_status: [
    classes.InvalidStatusError,
    'there is no such status',
    'Use one of the statuses that are named in `context.known`.',
  ],
  invalid_transition: [
    classes.InvalidTransitionError,
    'the status cannot become the one that is asked for',
    'Read the present state, and begin a new run or a new session where the old one has ended.',
  ],
  invalid_event_type: [
    classes.InvalidEventTypeError,
    'there is no such type of event',
    'Use one of the 28 types of `sessionEventTypes`; what a provider says in words of its own is `error_occurred`.',
  ],
  invalid_capability_type: [
    classes.InvalidCapabilityTypeError,
    'there is no such type of capability',
    'Use one of the types that are named in `context.known`.',
  ],
  missing_required_capability: [
    classes.MissingRequiredCapabilityError,
    'the agent lacks a capability that is required',
    'Choose an agent that has it, or ask for it as optional.',
  ],
  stream_closed: [
    classes.StreamClosedError,
    'the stream of events is closed',
    'Open a new stream; a closed one takes nothing more.',
  ],
  context_mismatch: [
    classes.ContextMismatchError,
    'events of another session or run are among these',
    'Hand in the events of one run at a time.',
  ],
  invalid_cursor: [
    classes.InvalidPageCursorError,
    'the cursor does not belong to this question',
    'Ask with the cursor of a page of the same question in the same order, or without one to begin at the beginning.',
  ],
  session_mismatch: [
    classes.SessionMismatchError,
    'this belongs to another session',
    'Use the session that it belongs to.',
  ],
  run_mismatch: [classes.RunMismatchError, 'this belongs to another run', 'Use the run that it belongs to.'],
} as const satisfies Readonly<Record<string, Row>>;

const resource = {
  not_found: [classes.ResourceNotFoundError, 'it is not there', 'Check the name that was asked for.'],
  session_not_found: [
    classes.SessionNotFoundError,
    'the session is not there',
    'List the sessions of the store with `runlog sessions URL`, or `listSessions()` in a program, and use an id of that list.',
  ],
  run_not_found: [
    classes.SessionRunNotFoundError,
    'the run is not there',
    'List the runs of the session with `listRuns(sessionId)` and use an id of that list.',
  ],
  capability_not_found: [
    classes.CapabilityNotFoundError,
    'the manifest has no such capability',
    'Use a name of `manifest.capabilities`.',
  ],
  already_exists: [
    classes.AlreadyExistsError,
    'there is one of that name already',
    'Use the one that is there, or choose another name.',
  ],
  duplicate_capability: [
    classes.DuplicateCapabilityError,
    'the manifest has a capability of that name already',
    'Remove the old one first, or choose another name.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const provider = {
  provider_error: [
    classes.ProviderError,
    'the provider failed',
    'Read `context.provider_error`: it holds what the provider said.',
  ],
  provider_unavailable: [
    classes.ProviderUnavailableError,
    'the provider cannot be reached',
    'Try again later, or with another provider.',
    'retryable',
  ],
  provider_rate_limited: [
    classes.ProviderRateLimitedError,
    'the provider asks to slow down',
    'Wait, and try again.',
    'retryable',
  ],
  provider_timeout: [
    classes.ProviderTimeoutError,
    'the provider did not answer in time',
    'Try again, or allow more time.',
    'retryable',
  ],
  provider_authentication_failed: [
    classes.ProviderAuthenticationError,
    'the provider refused the credentials',
    'Give the credentials that the provider asks for, and start again.',
  ],
  provider_quota_exceeded: [
    classes.ProviderQuotaExceededError,
    'the quota at the provider is used up',
    'Raise the quota at the provider, or use another one.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const storage = {
  storage_error: [
    classes.SessionStoreError,
    'the store failed',
    'Read `cause`: it holds what the store said.',
  ],
  storage_connection_failed: [
    classes.StorageConnectionError,
    'the store cannot be reached',
    'Check that the store is running, and try again.',
    'retryable',
  ],
  dependency_not_available: [
    classes.DependencyNotAvailableError,
    'a package that this needs is not installed',
    'Install the package that is named in `context.dependency`.',
  ],
  migration_required: [
    classes.MigrationRequiredError,
    'the store has an earlier layout',
    'Bring the layout forward with `runlog schema upgrade URL`.',
  ],
  storage_write_failed: [
    classes.StorageWriteError,
    'the store could not write',
    'Read `cause`, and write again: what is stored already is not stored twice.',
  ],
  storage_read_failed: [classes.StorageReadError, 'the store could not read', 'Read `cause`, and try again.'],
  query_error: [
    classes.QueryError,
    'the question cannot be answered',
    'Read in `context` which part of it is meant.',
  ],
  maintenance_error: [
    classes.MaintenanceError,
    'the maintenance of the store failed',
    'Read `cause`, and run it again: what is done already is left alone.',
  ],
  persistence_error: [
    classes.PersistenceError,
    'an event could not be kept',
    'Read `cause`, and hand the event in again.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const runtime = {
  timeout: [classes.SessionTimeoutError, 'it took too long', 'Try again, or allow more time.', 'retryable'],
  cancelled: [classes.CancelledError, 'it was cancelled', 'Begin a new run if the work is still wanted.'],
  policy_violation: [
    classes.PolicyViolationError,
    'the policy does not allow it',
    'Read in `context` which rule it is; change the policy, or the request.',
  ],
  internal_error: [
    classes.InternalError,
    'something failed that should not have',
    'Report it with the text of `cause`.',
  ],
  unknown_error: [classes.UnknownError, 'it failed, and nothing says how', 'Read `cause`.'],
} as const satisfies Readonly<Record<string, Row>>;

const concurrency = {
  max_sessions_exceeded: [
    classes.MaxSessionsExceededError,
    'as many sessions are active as are allowed',
    'Wait until one ends, or raise the limit.',
  ],
  max_runs_exceeded: [
    classes.MaxRunsExceededError,
    'as many runs are active as are allowed',
    'Wait until one ends, or raise the limit.',
  ],
  capability_not_supported: [
    classes.CapabilityNotSupportedError,
    'the agent cannot do this',
    'Choose an agent that can.',
  ],
  invalid_operation: [
    classes.InvalidOperationError,
    'this cannot be done here',
    'Read in `context` what was asked for, and ask for something that is offered.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const tool = {
  tool_error: [classes.AgentToolError, 'a tool failed', 'Read `context`: it holds what the tool said.'],
  tool_not_found: [classes.AgentToolNotFoundError, 'there is no such tool', 'Use a tool that the agent has.'],
  tool_execution_failed: [
    classes.ToolExecutionError,
    'a tool ended with a failure',
    'Read `context`: it holds what the tool said.',
  ],
  tool_permission_denied: [
    classes.ToolPermissionError,
    'the tool is not allowed',
    'Allow the tool in the policy, or ask without it.',
  ],
  command_not_found: [
    classes.CommandNotFoundError,
    'the command is not there',
    'Install it, or give its whole path.',
  ],
  command_timeout: [
    classes.CommandTimeoutError,
    'the command did not end in time',
    'Allow more time, or ask for less at once.',
  ],
  command_failed: [
    classes.CommandFailedError,
    'the command ended with a failure',
    'Read `context`: it holds the exit code and the output.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

const reasons: Readonly<Record<SessionErrorCategory, string>> = {
  validation:
    'What is stored must be readable by everybody who comes later; what does not fit is not taken in.',
  state: 'A session and a run go forward only, so that what is recorded of them stays true.',
  resource: 'A mistyped name must not make something new that looks like the real one.',
  provider: 'What a provider answers is recorded as it is; an answer that did not come is not made up.',
  storage: 'What is reported as stored has to be stored; a failure is told to whoever asked.',
  runtime: 'A run that ended early is recorded as such, and is not reported as completed.',
  concurrency: 'What is promised to those who are served already goes before what is asked for besides.',
  tool: 'A tool that failed is recorded as failed, so that nobody builds on an answer that it did not give.',
};

/** The stored codes: 45 of the session specification, and six that it uses without naming them. */
export type SessionErrorCode =
  | keyof typeof validation
  | keyof typeof state
  | keyof typeof resource
  | keyof typeof provider
  | keyof typeof storage
  | keyof typeof runtime
  | keyof typeof concurrency
  | keyof typeof tool;

const meanings: ReadonlyMap<string, SessionErrorMeaning> = new Map([
  ...read('validation', validation),
  ...read('state', state),
  ...read('resource', resource),
  ...read('provider', provider),
  ...read('storage', storage),
  ...read('runtime', runtime),
  ...read('concurrency', concurrency),
  ...read('tool', tool),
]);

function read(
  category: SessionErrorCategory,
  rows: Readonly<Record<string, Row>>,
): readonly (readonly [string, SessionErrorMeaning])[] {
  return Object.entries(rows).map(([code, [of, message, howToFix, retryable]]) => [
    code,
    { of, category, retryable: retryable !== undefined, message, why: reasons[category], howToFix },
  ]);
}

/** What a code means; `undefined` for a text that is none. */
export function sessionErrorMeaning(code: SessionErrorCode): SessionErrorMeaning;
export function sessionErrorMeaning(code: string): SessionErrorMeaning | undefined;
export function sessionErrorMeaning(code: string): SessionErrorMeaning | undefined {
  return meanings.get(code);
}

/** Tells a code of an error of sessions. */
export function isSessionErrorCode(code: string): code is SessionErrorCode {
  return meanings.has(code);
}

/** Every code, by category. */
export const sessionErrorCodes: readonly SessionErrorCode[] = [...meanings.keys()].filter(isSessionErrorCode);
