/**
 * Decides what an event is that an agent hands in again under its id and without a time: the stored one, if nothing but the time
 * of its arrival tells them apart.
 */
import type { SessionEvent } from '../model/session-event.ts';
import type { EventStore } from './event-store.ts';

const pageSize = 10_000;

/** The events with the times under which they are stored; those that are not there as they are. */
export async function atStoredTimes(
  store: EventStore,
  events: readonly SessionEvent[],
  untimed: ReadonlySet<string>,
): Promise<readonly SessionEvent[]> {
  const times = new Map<string, string>();
  const groups = Map.groupBy(
    events.filter(({ id }) => untimed.has(id)),
    ({ sessionId, runId, type }) => JSON.stringify([sessionId, runId, type]),
  );
  for (const group of groups.values()) await findTimes(store, group, times);
  return events.map((event) => {
    const timestamp = untimed.has(event.id) ? times.get(event.id) : undefined;
    return timestamp === undefined ? event : Object.freeze({ ...event, timestamp });
  });
}

/** Reads the events of one session, run and type until all are found. */
async function findTimes(
  store: EventStore,
  group: readonly SessionEvent[],
  times: Map<string, string>,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const { sessionId, runId, type } = first;
  const missing = new Set(group.map(({ id }) => id));
  let after = 0;
  while (missing.size > 0) {
    const where = { type, after, limit: pageSize, ...(runId === null ? {} : { runId }) };
    const page = await store.getEvents(sessionId, where);
    for (const { id, timestamp } of page) if (missing.delete(id)) times.set(id, timestamp);
    after = page.at(-1)?.sequenceNumber ?? after;
    if (page.length < pageSize) return;
  }
}
