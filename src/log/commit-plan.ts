/**
 * Decides whether a commit may be written, in the order that the port promises. A store that can look things up at once
 * (memory, SQLite) calls it inside its transaction; others have to come to the same answers.
 */
import { isEventIdAt, type Sha256, seqOfEventId } from '../base/index.ts';
import { concurrentWriter, duplicateEvent, fenced, invalidEvent, runExists } from './errors.ts';
import type { EventRow, StoredEvent } from './event.ts';
import { sameLine } from './hash-line.ts';
import type { CommitPart, LogKind, NewFork, SessionPart } from './port.ts';

/** What a store knows about a log at the moment of the commit. */
export interface LogState {
  readonly seq: number;
  readonly epoch: number;
  readonly kind: LogKind;
  /**
   * False when it is certain that no event of this log is stored under an id that looks canonical (`evt_017`) but stands
   * at another place. Then canonical ids of the next places need no look-up.
   */
  readonly mayHoldStrayIds: boolean;
  /** Looks through the inherited prefix too. */
  find(eventId: string): StoredEvent | undefined;
}

/** What is to be written of one part. */
export interface PartPlan {
  readonly logId: string;
  /** Empty when all of it is there already. */
  readonly rows: readonly EventRow[];
  /** True when it is certain that each row's id is the canonical one of its place. */
  readonly areCanonical: boolean;
  /** Where the log stands after this part. */
  readonly headSeq: number;
}

/** What a commit would do to each log, decided before anything is written. `isRepeat` when all of it is stored already. */
export interface CommitPlan {
  /** True when the commit has events and all of them are stored: it was done before, and its records with it. */
  readonly isRepeat: boolean;
  readonly parts: readonly PartPlan[];
}

/** Throws the first refusal, or says what is still to be written. Each part sees what the parts before it will write. */
export function planCommit(
  parts: readonly SessionPart[],
  stateOf: (logId: string) => LogState,
  sha256: Sha256,
): CommitPlan {
  const drafts = new Map<string, LogDraft>();
  const draftOf = (logId: string): LogDraft => {
    const known = drafts.get(logId);
    if (known !== undefined) return known;
    const draft = new LogDraft(stateOf(logId));
    drafts.set(logId, draft);
    return draft;
  };
  for (const part of parts) {
    const { kind } = draftOf(part.logId);
    if (part.log !== undefined && part.log.kind !== kind) throw runExists({ logId: part.logId });
    if (kind === 'run') refuseSessionFields(part);
  }
  if (isRepeat(parts, draftOf, sha256)) {
    const untouched = parts.map(({ logId }) => planOf(logId, draftOf(logId), [], true));
    return { isRepeat: true, parts: untouched };
  }
  return { isRepeat: false, parts: parts.map((part) => draftOf(part.logId).take(part, sha256)) };
}

/**
 * What is to be written of a part by a store that remembers the log's head and compares it while it writes: the next places,
 * under the ids that belong to them. Null means that this part needs the whole plan. Throws for session fields in a run.
 */
export function planPlainAppend(part: CommitPart, remembered: Omit<LogState, 'find'>): PartPlan | null {
  if (part.events.length === 0 || !isPlainAppend(part, remembered)) return null;
  if (remembered.kind === 'run') refuseSessionFields(part);
  return planOf(part.logId, remembered, part.events, true);
}

/**
 * As `planPlainAppend`, for a part that takes the next places whatever they are, under ids that name no place. Whether one of them is
 * stored already is not asked: for a store whose own index refuses it. Null means that this part needs the whole plan.
 */
export function planNextPlaces(part: CommitPart, remembered: Omit<LogState, 'find'>): PartPlan | null {
  const { logId, expected, events } = part;
  if (expected !== 'any' || events.length === 0 || epochOf(part, remembered) !== remembered.epoch)
    return null;
  if (events.some(({ id }) => seqOfEventId(id) !== null)) return null;
  if (remembered.kind === 'run') refuseSessionFields(part);
  return planOf(logId, remembered, events, false);
}

/** The commit that writes the first events of a fork, which nobody owns yet. */
export function firstPartOf({ id, atSeq, events = [] }: NewFork): CommitPart {
  return { logId: id, expected: atSeq, epoch: null, events };
}

/** What is to be written with a fork. `find` looks through the past that it shares. Throws as `planCommit` does. */
export function planFork(fork: NewFork, state: Omit<LogState, 'seq' | 'epoch'>, sha256: Sha256): PartPlan {
  const born: LogState = {
    seq: fork.atSeq,
    epoch: 0,
    kind: state.kind,
    mayHoldStrayIds: state.mayHoldStrayIds,
    find: (eventId) => state.find(eventId),
  };
  const part = firstPartOf(fork);
  const [plan] = planCommit([part], () => born, sha256).parts;
  return plan ?? planOf(fork.id, born, [], true);
}

/** Parts without events do not count: a guard that has gone stale since must not turn a lost answer into a refusal. */
function isRepeat(
  parts: readonly CommitPart[],
  stateOf: (logId: string) => LogState,
  sha256: Sha256,
): boolean {
  const filled = parts.filter((part) => part.events.length > 0);
  return filled.length > 0 && filled.every((part) => isStored(part, stateOf(part.logId), sha256));
}

function isStored(part: CommitPart, state: LogState, sha256: Sha256): boolean {
  return part.events.every((event, index) => {
    const found = lookUp(part, state, event, index);
    if (found === undefined || !sameLine(event, found, sha256)) return false;
    return part.expected === 'any' || found.seq === part.expected + index + 1;
  });
}

function planPart(part: CommitPart, state: LogState, sha256: Sha256): PartPlan {
  const { logId, events } = part;
  if (isPlainAppend(part, state)) return planOf(logId, state, events, true);
  if (events.length > 0 && isStored(part, state, sha256)) return planOf(logId, state, [], true);
  const stored = events.map((event, index) => lookUp(part, state, event, index));
  events.forEach((event, index) => {
    const found = stored[index];
    if (found !== undefined && !sameLine(event, found, sha256)) throw differs(logId, event, found);
  });
  checkOwnIds(part);
  if (epochOf(part, state) !== state.epoch) throw fenced({ logId, epoch: part.epoch, actual: state.epoch });
  if (part.expected !== 'any' && part.expected !== state.seq) {
    throw concurrentWriter({ what: 'run', id: logId, expected: part.expected, actual: state.seq });
  }
  const elsewhere = part.expected === 'any' ? -1 : stored.findIndex((found) => found !== undefined);
  const misplaced = events[elsewhere];
  // The writer named places for these events, and one of them has another place already.
  if (misplaced !== undefined) throw duplicateEvent({ logId, eventId: misplaced.id, fields: ['place'] });
  return planOf(
    logId,
    state,
    events.filter((_, index) => stored[index] === undefined),
    false,
  );
}

/** The common case costs one comparison an event: the next places, under the ids that belong to them. */
function isPlainAppend(part: CommitPart, state: Omit<LogState, 'find'>): boolean {
  const { events, expected } = part;
  if (expected !== state.seq || state.mayHoldStrayIds || epochOf(part, state) !== state.epoch) return false;
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index];
    if (event === undefined || !isEventIdAt(event.id, expected + index + 1)) return false;
  }
  return true;
}

function lookUp(part: CommitPart, state: LogState, event: EventRow, index: number): StoredEvent | undefined {
  const next = part.expected === state.seq ? state.seq + index + 1 : 0;
  if (next > 0 && !state.mayHoldStrayIds && isEventIdAt(event.id, next)) return undefined;
  return state.find(event.id);
}

/** Stores keep no place for them in a run; dropping them without a word would lose what somebody wrote. */
function refuseSessionFields(part: CommitPart): void {
  for (const { id, runId, provider, correlationId, schemaVersion, metadata } of part.events) {
    if ((runId ?? provider ?? correlationId ?? metadata) !== null) {
      throw invalidEvent({
        logId: part.logId,
        what: `the session fields of event '${id}'`,
        limit: 'null for runId, provider, correlationId and metadata in the log of a run',
      });
    }
    if (schemaVersion !== null && schemaVersion < 1) {
      throw invalidEvent({
        logId: part.logId,
        what: `the schema version of event '${id}'`,
        limit: 'whole numbers from 1, or null',
      });
    }
  }
}

/** Without an epoch a session log takes everybody, and a run only those who write what nobody ever owned. */
function epochOf(part: CommitPart, state: Pick<LogState, 'epoch' | 'kind'>): number {
  return part.epoch ?? (state.kind === 'session' ? state.epoch : 0);
}

function planOf(
  logId: string,
  state: Pick<LogState, 'seq'>,
  rows: readonly EventRow[],
  areCanonical: boolean,
): PartPlan {
  return { logId, rows, areCanonical, headSeq: state.seq + rows.length };
}

function checkOwnIds(part: CommitPart): void {
  const seen = new Map<string, EventRow>();
  for (const event of part.events) {
    const before = seen.get(event.id);
    if (before !== undefined) throw differs(part.logId, event, before);
    seen.set(event.id, event);
  }
}

const lineFields = [
  'type',
  'payload',
  'actor',
  'causedBy',
  'frameId',
  'timestamp',
  'runId',
  'provider',
  'correlationId',
  'schemaVersion',
  'metadata',
] as const;

function differs(logId: string, event: EventRow, stored: EventRow): Error {
  const fields = lineFields.filter((field) => event[field] !== stored[field]);
  return duplicateEvent({
    logId,
    eventId: event.id,
    fields: fields.length === 0 ? ['twice in one batch'] : fields,
  });
}

/** A log as it will be once everything planned so far is written. */
class LogDraft implements LogState {
  readonly #stored: LogState;
  readonly #plans: PartPlan[] = [];
  /** Made when somebody looks for an id: most commits have one part a log, and nobody does. */
  #planned: Map<string, StoredEvent> | null = null;
  readonly epoch: number;
  readonly kind: LogKind;
  seq: number;
  mayHoldStrayIds: boolean;

  constructor(stored: LogState) {
    this.#stored = stored;
    this.epoch = stored.epoch;
    this.kind = stored.kind;
    this.seq = stored.seq;
    this.mayHoldStrayIds = stored.mayHoldStrayIds;
  }

  find(eventId: string): StoredEvent | undefined {
    if (this.#plans.length === 0) return this.#stored.find(eventId);
    this.#planned ??= plannedEvents(this.#plans);
    return this.#planned.get(eventId) ?? this.#stored.find(eventId);
  }

  take(part: CommitPart, sha256: Sha256): PartPlan {
    const plan = planPart(part, this, sha256);
    if (plan.rows.length === 0) return plan;
    const start = this.seq;
    this.#plans.push(plan);
    this.#planned = null;
    this.seq = plan.headSeq;
    this.mayHoldStrayIds ||=
      !plan.areCanonical && plan.rows.some((row, index) => isStray(row.id, start + index + 1));
    return plan;
  }
}

function plannedEvents(plans: readonly PartPlan[]): Map<string, StoredEvent> {
  const planned = new Map<string, StoredEvent>();
  for (const { rows, headSeq } of plans) {
    const start = headSeq - rows.length;
    rows.forEach((row, index) => planned.set(row.id, { ...row, seq: start + index + 1, hash: null }));
  }
  return planned;
}

/** True for an id that looks canonical and stands at another place than the one it names. */
export function isStray(eventId: string, seq: number): boolean {
  const named = seqOfEventId(eventId);
  return named !== null && named !== seq;
}
