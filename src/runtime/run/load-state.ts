/**
 * Decides how a run is rebuilt: its log is read once, into its graph and its state, from its beginning or from the newest
 * snapshot on. Writes nothing.
 */
import { counterOf, isEventIdAt, type JsonObject, type Sha256 } from '../../base/index.ts';
import { DeferredEvents, graphEventTypes, project, type ReadDeferred, Tables } from '../../graph/index.ts';
import {
  ChainCheck,
  decodeEvent,
  type EventForms,
  firstForms,
  type LogEvent,
  type LogStore,
  type ReadOptions,
  type StoredEvent,
  storedTextOf,
} from '../../log/index.ts';
import type { RuntimePlatform } from '../platform.ts';
import { readSnapshot, type SnapshotReading } from '../snapshot/read-snapshot.ts';
import { recentEventsKept } from './recent-events.ts';
import { RunState } from './run-state.ts';

/** A run as its log says: graph, state, and what still waits. */
export interface LoadedRun {
  readonly state: RunState;
  readonly tables: Tables;
  /** Place of the snapshot that was begun with, 0 for none. */
  readonly snapshotSeq: number;
}

/**
 * Events of the graph are not parsed: `tables` projects them when it is asked, and throws `CorruptedEventPayloadError` for one that
 * cannot be read. Rejects with `RunNotFoundError`, and with that error at the first other payload, and at one that was cut off. With
 * `verifyWith` the hash chain is computed on the way: `DamagedHistoryError` names the first place that does not fit. Only with
 * `snapshots`, and without `verifyWith`, a part of the log may be left unread. `forms` raises older events: `UpcastError` names
 * the first that it cannot.
 */
export async function loadState(
  store: LogStore,
  runId: string,
  options: LoadStateOptions = {},
): Promise<LoadedRun> {
  return settled(await rebuilt(store, runId, options));
}

/** What a run knows of itself, for whoever asks nothing of its graph. Rejects as `loadState` does. */
export async function loadRunState(
  store: LogStore,
  runId: string,
  snapshots: SnapshotReading,
): Promise<RunState> {
  const { state } = await rebuilt(store, runId, { snapshots: { ...snapshots, isStateOnly: true } });
  // Whether an invocation of a relation is still to come, the graph says.
  return state.schedule.size === 0 ? state : (await loadState(store, runId, { snapshots })).state;
}

/** How a run is rebuilt; what is left out is as `loadState` says. */
export interface LoadStateOptions {
  readonly verifyWith?: Sha256;
  readonly snapshots?: SnapshotReading | undefined;
  readonly forms?: EventForms;
  /**
   * The caller goes on to look at the graph: it is made on the way, and its events are not read again. `pause` lets others have a turn,
   * every few milliseconds of that.
   */
  readonly wantsGraph?: Pick<RuntimePlatform, 'pause'> | undefined;
}

/** So many at once, because reading and parsing by turns takes longer; no more, because their texts are in memory meanwhile. */
const projectedAtOnce = 50_000;

async function rebuilt(store: LogStore, runId: string, options: LoadStateOptions): Promise<LoadedRun> {
  const { verifyWith, snapshots, forms = firstForms, wantsGraph } = options;
  const snapshot =
    snapshots === undefined || verifyWith !== undefined ? null : await readSnapshot(store, runId, snapshots);
  const { state, tables } = snapshot ?? { state: new RunState(), tables: new Tables() };
  const snapshotSeq = state.seq;
  const byPlace = verifyWith === undefined && !forms.hasUpcasts ? placesOf(store, runId) : null;
  const readAgain = wantsGraph === undefined ? (byPlace?.graphBetween ?? null) : null;
  const deferred = new DeferredEvents(runId, readAgain);
  state.recent.decode = byPlace?.decode ?? ((stored) => decodeEvent(stored, runId, forms));
  const head = verifyWith === undefined ? null : await store.head(runId);
  const check = verifyWith === undefined ? null : new ChainCheck(runId, verifyWith);
  // The last events before a snapshot are looked at as they are in the log.
  const after = Math.max(0, snapshotSeq - recentEventsKept);
  const asked = head === null ? { after } : { before: head.seq + 1, hashes: true };
  const told = { passedOver: graphEventTypes, withPayloads: wantsGraph !== undefined };
  const count = (type: string, payload: JsonObject): void => state.count(type, payload);
  const into = { runId, state, tables, deferred, forms, isReadAgain: readAgain !== null };
  for await (const page of store.read(runId, byPlace === null ? asked : { ...asked, ...told })) {
    if (check !== null) verifyPage(check, page, runId);
    for (const stored of page) {
      if (stored.seq <= snapshotSeq) state.recent.add(stored);
      else takeIn(stored, into);
    }
    if (wantsGraph === undefined || deferred.size < projectedAtOnce) continue;
    tables.defer(deferred, count);
    await tables.prepare(wantsGraph.pause);
  }
  if (head !== null) check?.end(head);
  tables.defer(deferred, count);
  if (wantsGraph !== undefined) await tables.prepare(wantsGraph.pause);
  state.beforeCounters = () => tables.ready();
  return { state, tables, snapshotSeq };
}

interface Rebuilding {
  readonly runId: string;
  readonly state: RunState;
  readonly tables: Tables;
  readonly deferred: DeferredEvents;
  readonly forms: EventForms;
  /** Payloads that were not read are read when they are needed. */
  readonly isReadAgain: boolean;
}

function takeIn(
  stored: StoredEvent,
  { runId, state, tables, deferred, forms, isReadAgain }: Rebuilding,
): void {
  countId(state, stored);
  if (!forms.hasUpcasts && deferred.add(stored)) {
    if (stored.payload !== '' || !isReadAgain) checkShape(stored, runId);
    state.pass(stored);
    return;
  }
  const event = decodeEvent(stored, runId, forms);
  project(tables, event.type, event.payload, storedTextOf(stored, event));
  state.apply(event, false);
}

interface Places {
  readonly graphBetween: ReadDeferred;
  readonly decode: (stored: StoredEvent) => LogEvent;
}

/** How events are read again by their places, on the spot; `null` for a store that cannot. */
function placesOf(store: LogStore, runId: string): Places | null {
  if (store.readNow === undefined) return null;
  const page = store.readNow.bind(store);
  const read = (options: ReadOptions & { readonly after: number }): readonly StoredEvent[] => {
    const found = [...page(runId, options)];
    // A page ends where another log of the lineage begins.
    for (let last = found.at(-1); last !== undefined;) {
      const more = page(runId, { ...options, after: last.seq });
      found.push(...more);
      last = more.at(-1);
    }
    return found;
  };
  return {
    graphBetween: (after, before, count) => {
      const found = read({ after, before, types: graphEventTypes, bare: true });
      // Names the first place that is missing, if one is; whoever counted them refuses the others.
      if (found.length !== count) read({ after, before, bare: true });
      return found;
    },
    decode: (stored) => {
      const { seq, payload, timestamp } = stored;
      const isOutline = payload === '' || timestamp === '';
      const [whole = stored] = isOutline ? page(runId, { after: seq - 1, before: seq + 1 }) : [];
      return decodeEvent(whole, runId);
    },
  };
}

/**
 * A page before any of it is parsed, because hashing and parsing by turns takes longer. A payload that is no JSON says more than a hash
 * that does not fit.
 */
function verifyPage(check: ChainCheck, page: readonly StoredEvent[], runId: string): void {
  for (const stored of page) {
    try {
      check.next(stored);
    } catch (error) {
      for (const earlier of page.slice(0, page.indexOf(stored) + 1)) decodeEvent(earlier, runId);
      throw error;
    }
  }
}

/** A text that was cut off is told of when the run is opened, not when somebody looks at what it made. */
function checkShape(stored: StoredEvent, runId: string): void {
  const { payload } = stored;
  if (!payload.startsWith('{') || !payload.endsWith('}')) decodeEvent(stored, runId);
}

/** The run as it stood after some events: what `loadState` gives for a log that ends there, with what waits at hand. */
export function stateAfter(events: Iterable<LogEvent>): LoadedRun {
  const loaded = { state: new RunState(), tables: new Tables(), snapshotSeq: 0 };
  for (const event of events) {
    project(loaded.tables, event.type, event.payload);
    loaded.state.apply(event);
    countId(loaded.state, event);
  }
  return settled(loaded);
}

/** Ids go on behind the highest number that was used. */
function countId(state: RunState, { seq, id }: LogEvent | StoredEvent): void {
  const number = isEventIdAt(id, seq) ? seq : Math.max(seq, counterOf(id));
  if (number > state.eventNumber) state.eventNumber = number;
}

function settled(loaded: LoadedRun): LoadedRun {
  const { state, tables } = loaded;
  state.schedule.dropGone(state.usage.events, (id) => tables.relation(id) === undefined);
  return loaded;
}
