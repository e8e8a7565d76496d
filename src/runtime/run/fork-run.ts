/** Decides where a run may be forked, and makes the fork: a row that points to its parent, nothing copied. */
import { checkArguments, checkNewId } from '../../base/index.ts';
import {
  decodeEvent,
  eventNotFound,
  type LogInfo,
  type LogStore,
  type StoredEvent,
} from '../../log/index.ts';
import { firstEvents, type ForkChanges } from '../fork/first-events.ts';
import { checkForkPoint } from '../fork-point.ts';

/** Where a fork leaves its parent, its own id and label, and what it goes on with. */
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
 * event stands among changes that belong together: half of them never happened.
 */
export async function forkRun(store: LogStore, options: ForkOptions): Promise<LogInfo> {
  checkArguments('forkRun', { store: [store, 'with commit'], options: [options, 'with parent'] });
  const { parent, runId: id, label, createdAt, changes } = options;
  checkArguments('forkRun', { 'options.runId': [id, 'text'] });
  checkNewId('the id of a fork', id);
  const event = await findForkPoint(store, parent, options.atEvent);
  const events = changes === undefined ? [] : await firstEvents(store, parent, event, changes);
  return store.fork({ parent, atSeq: event.seq, id, label, createdAt, events });
}

/** The event at which a run is to be forked. Rejects as `forkRun` does when it cannot be. */
export async function findForkPoint(store: LogStore, runId: string, atEvent: string): Promise<StoredEvent> {
  checkArguments('findForkPoint', {
    store: [store, 'with commit'],
    runId: [runId, 'text'],
    atEvent: [atEvent, 'text'],
  });
  const event = await store.get(runId, atEvent);
  if (event === undefined) {
    await store.head(runId);
    throw eventNotFound({ eventId: atEvent, logId: runId, operation: 'fork' });
  }
  await checkForkPoint(store, runId, event);
  return event;
}

/** The payload of one event of a run, for people who choose a fork point. */
export async function readEvent(
  store: LogStore,
  runId: string,
  eventId: string,
): Promise<ReturnType<typeof decodeEvent>> {
  checkArguments('readEvent', {
    store: [store, 'with commit'],
    runId: [runId, 'text'],
    eventId: [eventId, 'text'],
  });
  const stored = await store.get(runId, eventId);
  if (stored === undefined) {
    await store.head(runId);
    throw eventNotFound({ eventId, logId: runId, operation: 'reading an event' });
  }
  return decodeEvent(stored, runId);
}
