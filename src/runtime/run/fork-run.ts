/** Decides where a run may be forked, and makes the fork: a row that points to its parent, nothing copied. */
import {
  decodeEvent,
  eventNotFound,
  type LogInfo,
  type LogStore,
  type StoredEvent,
} from '../../log/index.ts';
import { insideMutationBatch } from '../errors.ts';
import { firstEvents, type ForkChanges } from '../fork/first-events.ts';

export interface ForkOptions {
  readonly parent: string;
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  readonly runId: string;
  readonly label: string | null;
  readonly createdAt: string;
  /** What the fork does differently from its beginning on; written with it, or there is no fork. */
  readonly changes?: ForkChanges;
}

/**
 * Rejects with `EventNotFoundError`, `RunNotFoundError`, `RunExistsError`, and with `InvalidRuntimeConfiguration` when the
 * event stands among the changes of one behavior: half a behavior never happened.
 */
export async function forkRun(store: LogStore, options: ForkOptions): Promise<LogInfo> {
  const { parent, runId: id, label, createdAt, changes } = options;
  const event = await findForkPoint(store, parent, options.atEvent);
  const events = changes === undefined ? [] : await firstEvents(store, parent, event, changes);
  return store.fork({ parent, atSeq: event.seq, id, label, createdAt, events });
}

/** The event at which a run is to be forked. Rejects as `forkRun` does when it cannot be. */
export async function findForkPoint(store: LogStore, runId: string, atEvent: string): Promise<StoredEvent> {
  const event = await store.get(runId, atEvent);
  if (event === undefined) {
    await store.head(runId);
    throw eventNotFound({ eventId: atEvent, logId: runId, operation: 'fork' });
  }
  await checkForkPoint(store, runId, event);
  return event;
}

const started = ['behavior.started', 'relation_behavior.started'];
const ended = ['behavior.completed', 'behavior.failed'];

/** Refuses a cut that would tear apart what was written together: the changes of an invocation, or a grant and its object. */
async function checkForkPoint(store: LogStore, runId: string, event: StoredEvent): Promise<void> {
  const torn =
    event.type === 'approval.granted'
      ? await tornGrant(store, runId, event)
      : await tornChanges(store, runId, event);
  if (torn !== null) throw insideMutationBatch({ runId, eventId: event.id, ...torn });
}

/** The two nearest places at which nothing is torn apart, as event ids; `null` when this one is such a place. */
type Torn = { readonly before: string; readonly after: string } | null;

/** The changes of an invocation stand between its last call and its end. */
async function tornChanges(store: LogStore, runId: string, event: StoredEvent): Promise<Torn> {
  const opening = await first(store, runId, {
    before: event.seq + 1,
    types: [...started, ...ended],
    reverse: true,
  });
  if (opening === undefined || !started.includes(opening.type) || event.seq === opening.seq) return null;
  // What came in from outside meanwhile is caused by something else.
  if (isCall(event.type) || event.causedBy !== opening.causedBy) return null;
  const end = await first(store, runId, { after: event.seq, types: ended });
  if (end === undefined) return null;
  const lastCall = await first(store, runId, {
    before: event.seq,
    types: [...started, 'llm.responded', 'tool.responded'],
    reverse: true,
  });
  return { before: lastCall?.id ?? opening.id, after: end.id };
}

/** The object of a grant stands right behind it. */
async function tornGrant(store: LogStore, runId: string, event: StoredEvent): Promise<Torn> {
  const next = await first(store, runId, { after: event.seq });
  if (next?.causedBy !== event.id) return null;
  const previous = await first(store, runId, { before: event.seq, reverse: true });
  return { before: previous?.id ?? event.id, after: next.id };
}

function isCall(type: string): boolean {
  return type.startsWith('llm.') || type.startsWith('tool.');
}

async function first(
  store: LogStore,
  runId: string,
  options: { after?: number; before?: number; types?: readonly string[]; reverse?: boolean },
): Promise<StoredEvent | undefined> {
  for await (const page of store.read(runId, { ...options, limit: 1 })) return page[0];
  return undefined;
}

/** The payload of one event of a run, for people who choose a fork point. */
export async function readEvent(
  store: LogStore,
  runId: string,
  eventId: string,
): Promise<ReturnType<typeof decodeEvent>> {
  const stored = await store.get(runId, eventId);
  if (stored === undefined) {
    await store.head(runId);
    throw eventNotFound({ eventId, logId: runId, operation: 'reading an event' });
  }
  return decodeEvent(stored, runId);
}
