/** Decides how the runtime refuses what its caller asked for. What goes wrong inside a run is an event, not one of these. */
import {
  errorClass,
  ExecutionError,
  IncompatibleRuntimeState,
  InvalidArgumentType,
  InvalidRuntimeConfiguration,
  isStructuredError,
  NotFoundError,
  RegistrationError,
  ReplayError,
  shellWord,
  type StructuredError,
} from '../base/index.ts';
import { UnknownToolError } from '../effects/index.ts';

/** `activateAfter` is not a whole number of events from 1. */
export const InvalidActivateAfter = errorClass('InvalidActivateAfter', RegistrationError, RangeError);
/** An approval was to be decided that is not pending: unknown, granted or denied already. */
export const ApprovalNotFoundError = errorClass('ApprovalNotFoundError', ExecutionError, NotFoundError);
/** A handler added an object directly whose type a policy puts behind an approval. */
export const ApprovalRequiredError = errorClass('ApprovalRequiredError', ExecutionError);
/** A handler used its graph or its context after it had ended. */
export const RuntimeContextRequiredError = errorClass('RuntimeContextRequiredError', ExecutionError);
/** A runtime was used after `close()`, or after it closed itself because a commit failed. */
export const RuntimeClosedError = errorClass('RuntimeClosedError', ExecutionError);
/** A verified replay gives other events than the recorded ones. */
export const ReplayDivergenceError = errorClass('ReplayDivergenceError', ReplayError);

export function invalidActivateAfter(data: { spec: string; kind: string }): StructuredError {
  return new InvalidActivateAfter({
    summary: `activateAfter ${JSON.stringify(data.spec)} is refused: ${data.kind}`,
    whatFailed: `A behavior was declared with activateAfter ${JSON.stringify(data.spec)} (${data.kind}).`,
    why: 'A delay is counted in events, which a replay repeats; it cannot repeat a clock.',
    howToFix: 'Give a whole number of events from 1: `activateAfter: 3`.',
    context: { spec: data.spec, kind: data.kind },
  });
}

export function notABehavior(kind: string, found: unknown): StructuredError {
  return new InvalidArgumentType({
    summary: `a ${kind} behavior has no usable name or no run function`,
    whatFailed: `A ${kind} behavior was given as ${typeof found === 'string' ? `'${found.slice(0, 80)}'` : typeof found}.`,
    why: 'The log names the behavior of every change; one without a name could never be found again.',
    howToFix: "Declare it as `behavior({ name: 'planner', on: 'goal.created', run: ({ graph }) => ... })`.",
  });
}

export function neverFires(data: { behavior: string; eventType: string }): StructuredError {
  return new InvalidRuntimeConfiguration({
    summary: `behavior '${data.behavior}' waits for '${data.eventType}', which wakes nobody`,
    whatFailed: `Behavior '${data.behavior}' was declared with \`on: '${data.eventType}'\`.`,
    why: 'Events by which a run writes down its own course wake no behavior, or it would react to its own reactions; only `behavior.failed` does.',
    howToFix:
      "React to what comes of it instead: 'object.created', 'patch.applied', 'behavior.failed', or an event of your own.",
    context: { behavior: data.behavior, event_type: data.eventType },
  });
}

export function noEvent(behavior: string): StructuredError {
  return new InvalidRuntimeConfiguration({
    summary: `behavior '${behavior}' is given no event to wait for: \`on\` is an empty list`,
    whatFailed: `Behavior '${behavior}' was declared with \`on: []\`.`,
    why: 'A behavior without `on` reacts to every event, also to what it does itself; a list that was computed and came out empty means none.',
    howToFix: "Name the events, such as `on: 'goal.created'`, or leave `on` out to react to every event.",
    context: { behavior },
  });
}

export function noEventType(behavior: string): StructuredError {
  return new InvalidArgumentType({
    summary: `behavior '${behavior}' waits for something that is no type of an event`,
    whatFailed: `Behavior '${behavior}' was declared with an \`on\` that is neither a type of an event nor a list of such.`,
    why: 'A behavior wakes when its `on` is the type of an event; what no event can be called would never wake it.',
    howToFix: "Name the events, such as `on: 'goal.created'` or `on: ['object.created', 'patch.applied']`.",
    context: { behavior },
  });
}

export function unwritableSchema(name: string): StructuredError {
  return new InvalidArgumentType({
    summary: `the output schema of '${name}' cannot be shown to a model`,
    whatFailed: `The schema library of LLM behavior '${name}' does not write JSON Schema.`,
    why: 'The model has to be told the form of the answer that will be demanded of it.',
    howToFix: 'Pass the JSON Schema beside the schema: `outputJsonSchema: { type: "object", ... }`.',
    context: { behavior: name },
  });
}

export function duplicateBehavior(data: { name: string }): StructuredError {
  return new InvalidRuntimeConfiguration({
    summary: `two behaviors are called '${data.name}'`,
    whatFailed: `A runtime was given two behaviors of the name '${data.name}'.`,
    why: 'A resumed run finds out by name which behavior has run already.',
    howToFix: 'Rename one of them.',
    context: { behavior: data.name },
  });
}

/** A decision that stands in the log. */
export interface PastDecision {
  readonly verdict: 'granted' | 'denied';
  readonly by: string;
  readonly eventId: string;
  readonly timestamp: string;
}

/** Makes the error of an approval that is not waiting; it says which are, and how an old one was decided. */
export function approvalNotFound(data: {
  runId: string;
  approvalId: string;
  pending: readonly string[];
  decision: PastDecision | null;
}): StructuredError {
  const { runId, approvalId, pending, decision } = data;
  const context = { run_id: runId, approval_id: approvalId, pending_count: pending.length };
  const run = shellWord(runId);
  const list = `List what is pending with \`runlog approvals URL --run-id ${run}\`.`;
  if (decision === null) {
    return new ApprovalNotFoundError({
      summary: `approval '${approvalId}' is not pending: run '${runId}' has none of that id`,
      whatFailed: `'${approvalId}' was to be decided, and nothing of that id was ever proposed; pending are: ${pending.join(', ') || 'none'}.`,
      why: 'A decision names one proposal; guessing which one was meant would decide over another.',
      howToFix: list,
      context: { ...context, state: 'unknown' },
    });
  }
  const { verdict, by, eventId, timestamp } = decision;
  const standing =
    verdict === 'granted'
      ? 'Nothing is left to decide: its object is in the graph.'
      : 'A denial stands for good: what is still wanted has to be proposed again.';
  return new ApprovalNotFoundError({
    summary: `approval '${approvalId}' is not pending: ${by} ${verdict} it`,
    whatFailed: `'${approvalId}' was to be decided, and ${by} ${verdict} it at ${timestamp} (${eventId}).`,
    why: 'An approval is decided once, by somebody who has seen what it is about.',
    howToFix: `${standing}\nShow the decision with \`runlog inspect URL --run-id ${run} --event ${eventId}\`.\n${list}`,
    context: { ...context, state: verdict, event_id: eventId, decided_by: by },
  });
}

export function approvalRequired(data: { objectType: string; policy: string }): StructuredError {
  return new ApprovalRequiredError({
    summary: `adding '${data.objectType}' needs an approval (policy '${data.policy}')`,
    whatFailed: `An object of type '${data.objectType}' was added directly while policy '${data.policy}' asks for an approval.`,
    why: 'A gate that can be walked round is no gate.',
    howToFix: `Put it up with \`ctx.proposeObject('${data.objectType}', data, reason)\`.`,
    context: { reason: 'approval.required', object_type: data.objectType, policy: data.policy },
  });
}

export function runtimeContextRequired(data: { method: string }): StructuredError {
  return new RuntimeContextRequiredError({
    summary: `${data.method} was called after its handler ended`,
    whatFailed: `${data.method} belongs to one invocation of a behavior, which is over.`,
    why: 'What happens after the end of an invocation would belong to no event of the log.',
    howToFix: `Await everything that the handler starts before it returns.`,
    context: { method: data.method },
  });
}

export function runtimeClosed(data: { runId: string; cause?: unknown }): StructuredError {
  const { runId, cause } = data;
  const reason = cause === undefined ? null : reasonOf(cause);
  const again = 'Load the run again: `await load(url, { runId })`. It goes on from what is stored.';
  return new RuntimeClosedError({
    summary:
      reason === null
        ? `the runtime of run '${runId}' is closed`
        : `run '${runId}' cannot be written: ${reason}`,
    whatFailed:
      reason === null
        ? `The runtime of '${runId}' was used after \`close()\`.`
        : `The runtime of '${runId}' closed itself because its log could not be written: ${reason}.`,
    why: 'Memory must never be ahead of the log; after a failed write only the log knows what is true.',
    howToFix: isStructuredError(cause) ? `${cause.howToFix}\n${again}` : again,
    context: { run_id: runId, ...(isStructuredError(cause) ? { cause: cause.code } : {}) },
    cause,
  });
}

export function storeSilent(data: { runId: string; waitedMs: number }): StructuredError {
  const { runId, waitedMs } = data;
  return new RuntimeClosedError({
    summary: `run '${runId}' was closed while its store did not answer`,
    whatFailed: `The store of '${runId}' left a call unanswered for ${waitedMs / 1000} seconds after the runtime was closed.`,
    why: 'A program that waited for it would never end; whether the last commit is stored, only the log can tell.',
    howToFix:
      'Close the store, or end the process, and load the run again when the claim has lapsed: `await load(url, { runId })`. It goes on from what is stored.',
    context: { run_id: runId, waited_ms: waitedMs },
  });
}

function reasonOf(cause: unknown): string {
  if (isStructuredError(cause)) return cause.summary;
  return cause instanceof Error ? cause.message : 'the store threw what is no error';
}

/** Makes the refusal of settings other than those that a run was started with. */
export function settingsDiffer(data: {
  pack: string;
  runId: string;
  keys: readonly string[];
}): StructuredError {
  return new IncompatibleRuntimeState({
    summary: `run '${data.runId}' was started with other settings of pack '${data.pack}'`,
    whatFailed: `The log of '${data.runId}' holds settings of '${data.pack}' that differ from those given now in: ${data.keys.join(', ')}.`,
    why: 'A run goes on under the settings it was started with; otherwise its halves would not explain each other.',
    howToFix: 'Leave the settings out, or fork the run and override them there.',
    context: { run_id: data.runId, pack: data.pack, keys: [...data.keys] },
  });
}

export function newerVersion(data: {
  behavior: string;
  eventId: string;
  type: string;
  schemaVersion: number;
  known: number;
}): StructuredError {
  const { behavior, eventId, type, schemaVersion, known } = data;
  const message = `event '${eventId}' is '${type}' of version ${schemaVersion}, this program knows version ${known}`;
  return new ExecutionError({
    summary: `schema.newer_version: ${message}`,
    whatFailed: `Behavior '${behavior}' waits for '${type}', and ${message}.`,
    why: 'A payload of a form that is not known would be misread without a word.',
    howToFix: `Run the program that wrote it, or declare \`upcast('${type}', ${schemaVersion - 1}, ${schemaVersion}, ...)\` here.`,
    context: {
      reason: 'schema.newer_version',
      message: `${message}: run the program that wrote it, or declare the upcasts up to ${schemaVersion}`,
      payload_extras: { event_type: type, schema_version: schemaVersion, known_version: known },
    },
  });
}

export function asyncDecision(data: { what: string }): StructuredError {
  return new InvalidArgumentType({
    summary: `${data.what} answered with a promise`,
    whatFailed: `${data.what} is asynchronous, and has to say at once what it decides.`,
    why: 'Between two events nothing may wait: what would happen meanwhile would belong to no event of the log.',
    howToFix: 'Make it a plain function. What has to wait belongs into a handler, which may be `async`.',
  });
}

export function unknownTool(data: {
  behavior: string;
  tool: string;
  declared: readonly string[];
}): StructuredError {
  const message = `behavior '${data.behavior}' does not declare a tool '${data.tool}'`;
  return new UnknownToolError({
    summary: `tool.unknown_tool: ${message}`,
    whatFailed: `${message}; it declares: ${data.declared.join(', ') || 'none'}.`,
    why: 'A behavior can do what its declaration says; a model must not be able to talk it into more.',
    howToFix: 'List the tool in `tools` of the behavior, or keep the prompt from naming it.',
    context: {
      reason: 'tool.unknown_tool',
      message,
      payload_extras: { tool: data.tool, declared_tools: [...data.declared] },
    },
  });
}

export function insideMutationBatch(data: {
  runId: string;
  eventId: string;
  before: string;
  after: string;
}): StructuredError {
  return new InvalidRuntimeConfiguration({
    summary: `event '${data.eventId}' stands among changes that belong together`,
    whatFailed: `A fork of '${data.runId}' at '${data.eventId}' would share half of what was changed in one piece.`,
    why: 'The changes of a behavior, of a promotion or of a group of patches, and a grant with its object, are there together or not at all.',
    howToFix: `Fork at '${data.before}' (before these changes) or at '${data.after}' (after them).`,
    context: {
      reason: 'inside-changes',
      run_id: data.runId,
      event_id: data.eventId,
      before: data.before,
      after: data.after,
    },
  });
}
