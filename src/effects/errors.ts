/** Decides how effects fail: with a reason code that ends up in the log, and extras that help whoever reads it there. */
import {
  checkArguments,
  errorClass,
  ExecutionError,
  isJsonObject,
  isStructuredError,
  type JsonObject,
  RegistrationError,
  ReplayError,
  type StructuredError,
} from '../base/index.ts';

/**
 * A model call failed. Providers throw it with a reason; the reason ends up in `behavior.failed`. The reasons are
 * listed in [events](../reference/events.md#reasons).
 */
export const LLMBehaviorError = errorClass('LLMBehaviorError', ExecutionError);
/**
 * A tool call failed. Tools throw it with a reason; the reason ends up in `tool.responded` and `behavior.failed`.
 * The reasons are listed in [events](../reference/events.md#reasons).
 */
export const ToolError = errorClass('ToolError', ExecutionError);
/** A model, or a handler, called a tool that the behavior does not list. */
export const UnknownToolError = errorClass('UnknownToolError', ExecutionError);
/** A runtime was given an LLM behavior and no `model`. */
export const MissingProviderError = errorClass('MissingProviderError', RegistrationError);
/** A behavior lists a tool by a name that no given tool has. */
export const MissingToolError = errorClass('MissingToolError', RegistrationError);
/** A recorded answer, in a log or in a fixture, that cannot be read back. */
export const MalformedRecordingError = errorClass('MalformedRecordingError', ReplayError);
/** A value was given as a tool that has no name or no `run` function. */
export const InvalidToolRegistration = errorClass('InvalidToolRegistration', RegistrationError, TypeError);

/** Reason codes of failed model calls, as they stand in `behavior.failed`. */
export type LlmReason =
  | 'llm.parse_error'
  | 'llm.schema_violation'
  | 'llm.network_error'
  | 'llm.rate_limited'
  | 'llm.auth_error'
  | 'llm.request_error'
  | 'llm.unavailable'
  | 'llm.refused'
  | 'llm.max_tokens'
  | 'llm.provider_missing'
  | 'llm.fixture_missing'
  | 'llm.fixture_malformed'
  | 'llm.prompt_assembly_error';

/** Reason codes of failed tool calls, as they stand in `tool.responded` and `behavior.failed`. */
export type ToolReason =
  | 'tool.timeout'
  | 'tool.network_error'
  | 'tool.invalid_input'
  | 'tool.invalid_output'
  | 'tool.execution_error'
  | 'tool.unknown_tool'
  | 'tool.fixture_missing'
  | 'tool.fixture_malformed'
  | 'tool.max_turns_exhausted';

/** What a provider throws when a model call fails for a reason that it knows. `extras` go into the log beside the reason. */
export function llmError(
  reason: LlmReason | (string & {}),
  message: string,
  extras: JsonObject = {},
  cause?: unknown,
): StructuredError {
  checkArguments('llmError', { reason: [reason, 'text'], message: [message, 'text'] });
  return new LLMBehaviorError({
    summary: `${reason}: ${message}`,
    whatFailed: message,
    why: 'A model that cannot answer ends the behavior that asked; the run goes on and the log says so.',
    howToFix: fixOf(llmFix, reason, 'Read the message of the event.'),
    context: { reason, message, payload_extras: extras },
    cause,
  });
}

/** What a tool throws when it fails for a reason that it knows. `extras` go into the log beside the reason. */
export function toolError(
  reason: ToolReason,
  message: string,
  extras: JsonObject = {},
  cause?: unknown,
): StructuredError {
  checkArguments('toolError', { reason: [reason, 'text'], message: [message, 'text'] });
  return makeToolError(reason, message, toolFix[reason], extras, cause);
}

/** How a thrown failure of a tool stands in `tool.responded` and in fixtures. An ordinary exception is `tool.execution_error`. */
export function toolErrorToJson(tool: string, error: unknown): JsonObject {
  const known = failureReason(error);
  if (known !== null) return { ...known.extras, reason: known.reason, message: known.message };
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  return { reason: 'tool.execution_error', message, tool, exception_type: name };
}

/** The failure that `toolErrorToJson` wrote down. Reasons of the tool's own are kept. */
export function toolErrorFromJson(json: JsonObject): StructuredError {
  const { reason, message, ...extras } = json;
  const code = typeof reason === 'string' ? reason : 'tool.execution_error';
  const fix = fixOf(toolFix, code, 'Read the recorded message and mend the tool.');
  return makeToolError(code, typeof message === 'string' ? message : code, fix, extras, undefined);
}

function fixOf(fixes: Readonly<Record<string, string>>, reason: string, otherwise: string): string {
  return Object.entries(fixes).find(([known]) => known === reason)?.[1] ?? otherwise;
}

function makeToolError(
  reason: string,
  message: string,
  howToFix: string,
  extras: JsonObject,
  cause: unknown,
): StructuredError {
  return new ToolError({
    summary: `${reason}: ${message}`,
    whatFailed: message,
    why: 'A tool that fails ends the behavior that called it; the run goes on and the log says so.',
    howToFix,
    context: { reason, message, payload_extras: extras },
    cause,
  });
}

/** Where a recorded answer stands. Fixtures have a reason, because their failure is an event of the run; logs have none. */
export interface RecordOrigin {
  readonly where: string;
  readonly reason?: 'llm.fixture_malformed' | 'tool.fixture_malformed';
}

/** Makes the error of a recorded answer that cannot be read. */
export function malformedRecording(
  data: RecordOrigin & { readonly problem: string; readonly cause?: unknown },
): StructuredError {
  const message = `The recorded answer in ${data.where} cannot be read: ${data.problem}.`;
  const named = { where: data.where, problem: data.problem };
  return new MalformedRecordingError({
    summary: `recorded answer in ${data.where} cannot be read: ${data.problem}`,
    whatFailed: message,
    why: 'An answer that is guessed from half a record would make the replay another run than the recorded one.',
    howToFix: `Restore ${data.where} from where it came, or record the answer again.`,
    context:
      data.reason === undefined ? named : { ...named, reason: data.reason, message, payload_extras: named },
    cause: data.cause,
  });
}

/** Makes the error of a behavior that asks a model where no model was given. */
export function missingProvider(data: { behavior: string }): StructuredError {
  return new MissingProviderError({
    summary: `behavior '${data.behavior}' asks a model, and no model provider is configured`,
    whatFailed: `LLM behavior '${data.behavior}' was given to a runtime without \`model\`.`,
    why: 'A run that finds out half-way that it cannot ask anybody would have to be thrown away.',
    howToFix:
      'Pass `model:` to `open` or `load`, for example a scripted or recorded provider of `runlog/effects`.',
    context: { behavior_name: data.behavior },
  });
}

/** Makes the error of a behavior that names a tool which was not registered. */
export function missingTool(data: {
  tool: string;
  behavior: string;
  registered: readonly string[];
}): StructuredError {
  return new MissingToolError({
    summary: `behavior '${data.behavior}' names tool '${data.tool}', which is not registered`,
    whatFailed: `LLM behavior '${data.behavior}' lists tool '${data.tool}'; registered are: ${data.registered.join(', ') || 'none'}.`,
    why: 'A model must not be offered a tool that nobody can carry out.',
    howToFix: `Pass the tool in \`tools: [...]\` of \`open\` or \`load\`, or load the pack that brings it.`,
    context: { tool_name: data.tool, behavior_name: data.behavior, registered: [...data.registered] },
  });
}

/** Makes the refusal of a tool that is none. */
export function invalidToolRegistration(data: { found: string }): StructuredError {
  return new InvalidToolRegistration({
    summary: `a tool was registered that is not one (${data.found})`,
    whatFailed: `\`tools\` holds a value of type ${data.found} without a name or a \`run\` function.`,
    why: 'Every call of a tool is recorded under its name and validated by its schemas; a bare function has neither.',
    howToFix: "Make it with `tool({ name: 'my_tool', run: ({ q }) => ... })`.",
    context: { type: data.found },
  });
}

/** The reason code and extras of a thrown failure; `null` for an ordinary exception. */
export function failureReason(
  error: unknown,
): { readonly reason: string; readonly message: string; readonly extras: JsonObject } | null {
  if (!isStructuredError(error)) return null;
  const { reason, message, payload_extras: extras } = error.context;
  if (typeof reason !== 'string') return null;
  return {
    reason,
    message: typeof message === 'string' ? message : error.summary,
    extras: isJsonObject(extras) ? extras : {},
  };
}

const llmFix: Readonly<Record<LlmReason, string>> = {
  'llm.parse_error':
    'Read `raw_text` of the event: the model did not answer in JSON. Say so in the prompt, or raise `maxTokens`.',
  'llm.schema_violation':
    'Read `validation_errors` of the event, then loosen the schema or sharpen the description.',
  'llm.network_error':
    'Check the connection to the vendor, then run again: the run goes on where it stopped.',
  'llm.rate_limited': 'Wait for `retry_after_seconds` where it is given, then run again.',
  'llm.auth_error': 'Check the API key that the provider was given.',
  'llm.request_error': 'The vendor refused the request itself: read its message in the event.',
  'llm.unavailable': 'The vendor has trouble of its own. Run again later: the run goes on where it stopped.',
  'llm.refused': 'Read the message of the event, and ask for something else, or another model.',
  'llm.max_tokens': 'Raise `maxTokens` of the behavior, or ask for less at once.',
  'llm.provider_missing': 'Install the package that the event names, then run again.',
  'llm.fixture_missing': 'Record the missing answer with the recording provider, or run with a live one.',
  'llm.fixture_malformed': 'Record the fixture again, or restore the file that the event names.',
  'llm.prompt_assembly_error': 'The prompt could not be built: read the message and mend the behavior.',
};

const toolFix: Readonly<Record<ToolReason, string>> = {
  'tool.timeout': 'Raise `timeoutMs` of the tool, or make it answer sooner.',
  'tool.network_error': 'Check the connection, then run again.',
  'tool.invalid_input': 'The model sent arguments that the input schema refuses: describe them better.',
  'tool.invalid_output': 'The tool returned what its own output schema refuses: mend the tool or the schema.',
  'tool.execution_error': 'The tool threw: read the exception in the event and mend the tool.',
  'tool.unknown_tool': 'List the tool in `tools` of the behavior, or keep the prompt from naming it.',
  'tool.fixture_missing': 'Record the missing call with the recording invoker, or run with the direct one.',
  'tool.fixture_malformed': 'Record the fixture again, or restore the file that the event names.',
  'tool.max_turns_exhausted': 'Raise `maxToolTurns`, or tell the model when to stop calling tools.',
};
