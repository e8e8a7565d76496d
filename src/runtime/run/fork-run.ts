/** Decides where a run may be forked, and makes the fork: a row that points to its parent, nothing copied. */
import { decodeEvent, eventNotFound, type LogInfo, type LogStore } from '../../log/index.ts';
import { checkForkPoint } from '../fork-point.ts';

export interface ForkOptions {
  readonly parent: string;
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  readonly runId: string;
  readonly label: string | null;
  readonly createdAt: string;
}

/**
 * Rejects with `EventNotFoundError`, `RunNotFoundError`, `RunExistsError`, and with `InvalidRuntimeConfiguration` when the
 * event stands among changes that belong together: half of them never happened.
 */
export async function forkRun(store: LogStore, options: ForkOptions): Promise<LogInfo> {
  const event = await store.get(options.parent, options.atEvent);
  if (event === undefined) {
    await store.head(options.parent);
    throw eventNotFound({ eventId: options.atEvent, logId: options.parent, operation: 'fork' });
  }
  await checkForkPoint(store, options.parent, event);
  const { parent, runId: id, label, createdAt } = options;
  return store.fork({ parent, atSeq: event.seq, id, label, createdAt });
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
