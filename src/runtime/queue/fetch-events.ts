/** Decides how events that a loaded run knows by place only are read when their turn comes. */
import {
  damagedHistory,
  decodeEvent,
  type EventForms,
  type LogEvent,
  type LogStore,
} from '../../log/index.ts';
import type { EventQueue } from './event-queue.ts';

/** So many waiting events are read at once, if they do not stand too far apart. */
const eventsAtOnce = 256;
const placesAtOnce = 1024;

/** The run whose events are read, and the forms that its program knows. */
interface ReadRun {
  readonly runId: string;
  readonly forms: EventForms;
}

/** Rejects with `DamagedHistoryError` when the place is empty. */
export async function fetchEvent(store: LogStore, { runId, forms }: ReadRun, seq: number): Promise<LogEvent> {
  for await (const [stored] of store.read(runId, { after: seq - 1, limit: 1 })) {
    if (stored?.seq === seq) return decodeEvent(stored, runId, forms);
  }
  throw damagedHistory({ logId: runId, seq, what: 'An event is missing' });
}

/** Reads the next events of the queue, from place `fromSeq` on. Rejects with `DamagedHistoryError` when it is empty. */
export async function fetchWaiting(
  store: LogStore,
  { runId, forms }: ReadRun,
  queue: EventQueue,
  fromSeq: number,
): Promise<void> {
  let supplied = 0;
  for await (const page of store.read(runId, { after: fromSeq - 1, limit: placesAtOnce })) {
    for (const stored of page) if (queue.supply(decodeEvent(stored, runId, forms))) supplied += 1;
    if (supplied >= eventsAtOnce) return;
  }
  if (queue.nextToRead === fromSeq)
    throw damagedHistory({ logId: runId, seq: fromSeq, what: 'An event is missing' });
}
