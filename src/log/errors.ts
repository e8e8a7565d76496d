/** Decides how the log says no: the storage errors, each made from data by one function that writes its three texts. */
import {
  isStructuredError,
  errorClass,
  type JsonValue,
  NotFoundError,
  shellWord,
  StorageError,
  type StructuredError,
} from '../base/index.ts';

/** The store was made by another version of runlog, with another layout. */
export const SchemaVersionMismatch = errorClass('SchemaVersionMismatch', StorageError);
/** The run has no event of that id. */
export const EventNotFoundError = errorClass('EventNotFoundError', StorageError, NotFoundError);
/** The store has no run of that id. Nothing was created. */
export const RunNotFoundError = errorClass('RunNotFoundError', StorageError, NotFoundError);
/** A new run or fork was to have an id that is taken. */
export const RunExistsError = errorClass('RunExistsError', StorageError, RangeError);
/** An event was appended under an id that is taken by an event of other content. */
export const DuplicateEventError = errorClass('DuplicateEventError', StorageError, RangeError);
/** A commit is larger than a store takes, or an id or a type is empty, too long or not well-formed. */
export const InvalidEventError = errorClass('InvalidEventError', StorageError, RangeError);
/** The stored payload of an event is not the text of a JSON object. */
export const CorruptedEventPayloadError = errorClass('CorruptedEventPayloadError', StorageError);
/** A place of a log is missing, or its row cannot be read, or its hash does not fit. */
export const DamagedHistoryError = errorClass('DamagedHistoryError', StorageError);
/** A value for the log holds what JSON does not carry, such as `NaN`, a function or a class instance. */
export const NonSerializableEventError = errorClass('NonSerializableEventError', StorageError, TypeError);
/** A log, or a document beside the logs, has moved on since the writer last saw it. */
export const ConcurrentWriterError = errorClass('ConcurrentWriterError', StorageError);
/** A writer tried to append after somebody else had taken the run over. */
export const FencedError = errorClass('FencedError', StorageError);
/** Another process, or another runtime of this process, is writing the run. */
export const RunOwnedError = errorClass('RunOwnedError', StorageError);
/** A run was to be removed, and forks read their beginning from it. They are in `context.forks`. */
export const RunNeededError = errorClass('RunNeededError', StorageError);
/** A place to go on from that does not belong to what is followed. */
export const InvalidCursorError = errorClass('InvalidCursorError', StorageError, RangeError);
/** A store was used after its `close()`. */
export const StoreClosedError = errorClass('StoreClosedError', StorageError);
/** The store writes one thing at a time, and was asked for something that has to be whole. */
export const AtomicCommitUnsupportedError = errorClass('AtomicCommitUnsupportedError', StorageError);
/** There is no store at the place that was named. */
export const StoreNotFoundError = errorClass('StoreNotFoundError', StorageError, NotFoundError);
/** There is something at the place that was named, and it is not a store of this product. */
export const ForeignDatabaseError = errorClass('ForeignDatabaseError', StorageError);
/** The store is there and could not do its work: `context.reason` is `read-only`, `full`, `busy`, `io`, `unreachable` or `denied`. */
export const StoreUnavailableError = errorClass('StoreUnavailableError', StorageError);
/** The store answered neither yes nor no; what was asked for may or may not be there. */
export const UnknownCommitError = errorClass('UnknownCommitError', StorageError);

/** True for an error that says that stored history is not what was written. */
export function isDamage(error: unknown): error is StructuredError {
  return (
    (error instanceof DamagedHistoryError || error instanceof CorruptedEventPayloadError) &&
    isStructuredError(error)
  );
}

/** Makes the error of an event that a log does not have. */
export function eventNotFound(data: { eventId: string; logId: string; operation: string }): StructuredError {
  return new EventNotFoundError({
    summary: `event '${data.eventId}' not found in run '${data.logId}'`,
    whatFailed: `${data.operation} asked for event '${data.eventId}', which run '${data.logId}' does not have.`,
    why: 'An event id names one event of one run; guessing a neighbour would answer another question.',
    howToFix: `List the last events of the run with \`runlog inspect URL --run-id ${shellWord(data.logId)} --tail 100\` and use an id of that list.`,
    context: { event_id: data.eventId, run_id: data.logId, operation: data.operation },
  });
}

/** Makes the error of a run that the store does not have. */
export function runNotFound(data: { logId: string; operation: string }): StructuredError {
  return new RunNotFoundError({
    summary: `run '${data.logId}' not found`,
    whatFailed: `${data.operation} asked for run '${data.logId}', which this store does not have.`,
    why: 'A mistyped id must not make an empty run that looks like the real one.',
    howToFix: 'List the runs of the store with `runlog runs URL` and use an id of that list.',
    context: { run_id: data.logId, operation: data.operation },
  });
}

/** Makes the error of a run that is to be made and is there already. */
export function runExists(data: { logId: string }): StructuredError {
  return new RunExistsError({
    summary: `run '${data.logId}' exists already`,
    whatFailed: `A new run was to be called '${data.logId}', and the store has a run of that id.`,
    why: 'Two histories under one id could never be told apart again.',
    howToFix: `Choose another id, or go on with the run that is there: \`load\` opens it in a program, \`runlog inspect URL --run-id ${shellWord(data.logId)}\` shows it.`,
    context: { run_id: data.logId },
  });
}

export function duplicateEvent(data: {
  logId: string;
  eventId: string;
  fields: readonly string[];
}): StructuredError {
  return new DuplicateEventError({
    summary: `event id '${data.eventId}' is taken in run '${data.logId}'`,
    whatFailed: `An event '${data.eventId}' was appended whose content differs from the stored one (${data.fields.join(', ')}).`,
    why: 'Same id and other content would make the audit trail say two things; same content would have been accepted as done.',
    howToFix: 'Give the event an id of its own, or read the stored event and decide again.',
    context: { event_id: data.eventId, run_id: data.logId, differing_fields: [...data.fields] },
  });
}

/** Makes the refusal of an event that breaks a limit of the log. */
export function invalidEvent(data: {
  logId: string;
  what: string;
  limit: string;
  context?: Readonly<Record<string, JsonValue>>;
}): StructuredError {
  return new InvalidEventError({
    summary: `events for run '${data.logId}' refused: ${data.what}`,
    whatFailed: `A commit to '${data.logId}' was refused because of ${data.what}.`,
    why: 'What is stored has to fit every store, so that a run can move between them unchanged.',
    howToFix: `Stay within ${data.limit}.`,
    context: { run_id: data.logId, ...data.context },
  });
}

/** Makes the error of a stored payload that is no JSON object. */
export function corruptedPayload(data: {
  logId: string;
  eventId: string;
  text: string;
  cause?: unknown;
  decoded?: unknown;
}): StructuredError {
  const preview = data.text.length <= 64 ? data.text : `${data.text.slice(0, 60)} ...`;
  const underlying =
    data.cause instanceof Error
      ? data.cause.message
      : `decoded to ${typeName(data.decoded)}, not to an object`;
  const place = /position (\d+)/.exec(underlying)?.[1];
  const { line, column } = lineAndColumn(data.text, place === undefined ? data.text.length : Number(place));
  return new CorruptedEventPayloadError({
    summary: `payload of event '${data.eventId}' in run '${data.logId}' is not a JSON object`,
    whatFailed: `The payload of '${data.eventId}' could not be read (line ${line} column ${column}): ${underlying}.`,
    why: 'History that cannot be read in full is not rebuilt in part: a graph with a hole would look whole.',
    howToFix: `Restore the file from a backup. \`runlog export-trace URL --run-id ${shellWord(data.logId)} --format jsonl --until-damage\` writes every event before the damaged one.`,
    context: {
      run_id: data.logId,
      event_id: data.eventId,
      line,
      column,
      preview,
      underlying_msg: underlying,
      ...(data.cause === undefined ? { decoded_type: typeName(data.decoded) } : {}),
    },
    cause: data.cause,
  });
}

/** Makes the error of a log whose events do not fit their chain. */
export function damagedHistory(data: { logId: string; seq: number; what: string }): StructuredError {
  return new DamagedHistoryError({
    summary: `run '${data.logId}' is damaged at place ${data.seq}`,
    whatFailed: `${data.what} at place ${data.seq} of run '${data.logId}'.`,
    why: 'The hash chain covers every event: a mismatch means that stored history was changed or lost.',
    howToFix:
      'Keep the file, restore a backup beside it, and compare the head hashes with `runlog runs URL --json`.',
    context: { run_id: data.logId, seq: data.seq },
  });
}

export function nonSerializable(data: { path: string; found: string }): StructuredError {
  const where = data.path === '' ? 'the value itself' : `'${data.path}'`;
  return new NonSerializableEventError({
    summary: `${data.found} at ${where} cannot be written as JSON`,
    whatFailed: `A value for the log holds ${data.found} at ${where}.`,
    why: 'What is written must be what is read back, in every store; JSON has no form for this value.',
    howToFix: 'Convert it first: to a number, a text, a list or a plain object.',
    context: { path: data.path, type: data.found },
  });
}

/** Makes the error of an append behind a head that is no longer the head. */
export function concurrentWriter(data: {
  what: string;
  id: string;
  expected: number;
  actual: number;
}): StructuredError {
  return new ConcurrentWriterError({
    summary: `${data.what} '${data.id}' is at ${data.actual}, expected ${data.expected}`,
    whatFailed: `A write expected ${data.what} '${data.id}' at ${data.expected} and found it at ${data.actual}.`,
    why: 'Whoever decides by an old state would overwrite what somebody else has written since.',
    howToFix: 'Read the present state, decide again, write again.',
    context: { what: data.what, id: data.id, expected: data.expected, actual: data.actual },
  });
}

export function fenced(data: { logId: string; epoch: number | null; actual: number }): StructuredError {
  return new FencedError({
    summary: `run '${data.logId}' has been taken over (epoch ${data.actual})`,
    whatFailed: `A write with epoch ${data.epoch ?? 'none'} reached run '${data.logId}', whose epoch is ${data.actual}.`,
    why: 'A run has one writer. A writer that was paused and replaced must not write into the history of its successor.',
    howToFix: 'Close this runtime and load the run again; the log says how far it got.',
    context: { run_id: data.logId, epoch: data.epoch, actual_epoch: data.actual },
  });
}

/** Makes the refusal to delete a run whose events forks inherit. */
export function runNeeded(data: { logId: string; forks: readonly string[] }): StructuredError {
  const { logId, forks } = data;
  const named = forks.slice(0, 5).map((fork) => `'${fork}'`);
  const more = forks.length > named.length ? ` and ${forks.length - named.length} more` : '';
  return new RunNeededError({
    summary: `run '${logId}' is needed by ${named.join(', ')}${more}`,
    whatFailed: `Run '${logId}' was to be removed, and ${named.join(', ')}${more} read their beginning from it.`,
    why: 'A fork is a pointer to the events of its parent: without them it has no history.',
    howToFix: `Detach the forks first (\`runlog detach URL --run-id ${shellWord(forks[0] ?? '')}\` copies the shared events into a fork), or keep the run.`,
    context: { run_id: logId, forks: [...forks] },
  });
}

/** Makes the refusal of a run that another living process drives. */
export function runOwned(data: {
  logId: string;
  owner: { owner: string; host: string; pid: number; startedAt: string; expiresAt: string };
}): StructuredError {
  const { host, pid, startedAt, expiresAt } = data.owner;
  return new RunOwnedError({
    summary: `run '${data.logId}' is held by process ${pid} on ${host}`,
    whatFailed: `Run '${data.logId}' was to be written, and process ${pid} on ${host} (since ${startedAt}) is writing it.`,
    why: 'A run has one writer: two would interleave decisions that were made without knowing of each other.',
    howToFix: `End that process (\`kill ${pid}\` on ${host}) or wait for it. If it is gone, its claim lapses at ${expiresAt}; reading needs no claim.`,
    context: {
      run_id: data.logId,
      owner: data.owner.owner,
      host,
      pid,
      started_at: startedAt,
      expires_at: expiresAt,
    },
  });
}

export function unfitCursor(data: { cursor: string; what: string }): StructuredError {
  const shown = data.cursor.length <= 200 ? data.cursor : `${data.cursor.slice(0, 200)} ...`;
  return new InvalidCursorError({
    summary: `a tail cannot go on from this cursor: ${data.what}`,
    whatFailed: `A tail was to go on behind '${shown}', and ${data.what}.`,
    why: 'Places mean something in one store only: going on from a place of another would skip events, or repeat them.',
    howToFix: 'Give the cursor of a page of the same tail of this store, or none to begin at the beginning.',
    context: { cursor: shown },
  });
}

/** Makes the error of a call on a store that was closed. */
export function storeClosed(data: { operation: string }): StructuredError {
  return new StoreClosedError({
    summary: `the store is closed (${data.operation})`,
    whatFailed: `${data.operation} was called on a store that has been closed.`,
    why: 'Nothing of a store runs after its close, so that a closed file can be moved or deleted.',
    howToFix: 'Open the store again, and close it after its last use.',
    context: { operation: data.operation },
  });
}

/** Makes the error of a commit of which nobody knows whether it is durable; the same commit again settles it. */
export function unknownCommit(data: { cause: unknown }): StructuredError {
  const known = isStructuredError(data.cause) ? data.cause : null;
  return new UnknownCommitError({
    summary: `a commit failed while it was being stored${known === null ? '' : `: ${known.summary}`}`,
    whatFailed: `The database failed while it was committing; whether the commit is there is not known.${known === null ? '' : ` ${known.whatFailed}`}`,
    why: 'Saying yes or no here could be wrong; only reading the log tells.',
    howToFix: `${known === null ? '' : `${known.howToFix}\n`}Send the same commit again: it succeeds without writing twice when it was stored.`,
    context: known === null ? {} : { cause: known.code, ...known.context },
    cause: data.cause,
  });
}

/** Makes the refusal of a commit over several logs by a store that cannot do it as a whole. */
export function atomicCommitUnsupported(data: { logId: string; what: string }): StructuredError {
  return new AtomicCommitUnsupportedError({
    summary: `the store cannot do ${data.what} as a whole`,
    whatFailed: `${data.what} was asked of a store that writes one event or one document at a time ('${data.logId}').`,
    why: 'A failure in between would leave half of it, and nobody could tell that it is half.',
    howToFix:
      'Use a store with true batches, such as `sqlite:///run.db`, or commit the events of one log, or one document, at a time.',
    context: { run_id: data.logId, what: data.what },
  });
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
