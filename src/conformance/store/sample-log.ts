/** Decides what the cases write: plain events with canonical ids, and the few ways in which a case looks at a log. */
import { eventIdAt, type Sha256 } from '../../base/index.ts';
import {
  chainHash,
  type EventRow,
  genesisHash,
  type Head,
  type LogStore,
  type NewLog,
  type ReadOptions,
  type StoredEvent,
} from '../../log/index.ts';

export const sampleTime = '2026-01-01T00:00:00Z';

export function sampleLog(id: string, fields: Partial<NewLog> = {}): NewLog {
  return { id, kind: 'run', label: null, createdAt: sampleTime, ...fields };
}

/** The event that belongs to a place. Its content depends on the place, so that a swap shows. */
export function sampleEvent(seq: number, fields: Partial<EventRow> = {}): EventRow {
  return {
    id: eventIdAt(seq),
    type: seq % 2 === 0 ? 'object.created' : 'goal.created',
    payload: `{"n":${seq}}`,
    actor: 'tester',
    causedBy: seq > 1 ? eventIdAt(seq - 1) : null,
    frameId: null,
    timestamp: sampleTime,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
    ...fields,
  };
}

/** Events for the places from `first` on. */
export function sampleEvents(first: number, count: number, fields: Partial<EventRow> = {}): EventRow[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(first + index, fields));
}

/** Makes a log with `count` events in it. */
export async function filledLog(store: LogStore, id: string, count: number): Promise<readonly EventRow[]> {
  await store.create(sampleLog(id));
  const events = sampleEvents(1, count);
  if (count > 0) await store.commit([{ logId: id, expected: 0, epoch: null, events }]);
  return events;
}

/** Appends with the place that the caller has seen. */
export async function appendAt(
  store: LogStore,
  logId: string,
  expected: number | 'any',
  events: readonly EventRow[],
  epoch: number | null = null,
): Promise<Head> {
  const [head] = await store.commit([{ logId, expected, epoch, events }]);
  return head ?? { logId, seq: -1, hash: 'no head came back' };
}

export async function readAll(store: LogStore, logId: string, options?: ReadOptions): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of store.read(logId, options)) events.push(...page);
  return events;
}

export async function seqsOf(store: LogStore, logId: string, options?: ReadOptions): Promise<number[]> {
  return (await readAll(store, logId, options)).map(({ seq }) => seq);
}

/** What reading gives back for events that were written from place 1 on. */
export function asStored(events: readonly EventRow[]): StoredEvent[] {
  return events.map((event, index) => ({ ...event, seq: index + 1, hash: null }));
}

/** The chain hash after all of these events, computed from the definition. */
export function chainOf(events: readonly EventRow[], sha256: Sha256): string {
  return events.reduce((hash, event) => chainHash(hash, event, sha256), genesisHash);
}
