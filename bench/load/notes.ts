// A run in which every event, or every second one, makes a small object: what the benchmarks of loading read.
import { eventIdAt } from '../../src/base/index.ts';
import type { EventRow, LogStore } from '../../src/log/index.ts';
import { createdAt } from '../claim-rows.ts';

const batch = 10_000;

export interface Notes {
  readonly logId: string;
  readonly events: number;
  /** One event in so many makes an object, the others are ticks. */
  readonly everyNth: number;
}

/** Creates the run and writes its events. Returns the payloads, in their order. */
export async function fillNotes(
  store: LogStore,
  { logId, events, everyNth }: Notes,
): Promise<readonly string[]> {
  await store.create({ id: logId, kind: 'run', label: null, createdAt });
  const payloads: string[] = [];
  for (let done = 0; done < events; done += batch) {
    const count = Math.min(batch, events - done);
    const rows = Array.from({ length: count }, (_, index) => noteRow(done + index + 1, everyNth));
    for (const { payload } of rows) payloads.push(payload);
    await store.commit([{ logId, expected: done, epoch: null, events: rows }]);
  }
  return payloads;
}

export function noteRow(seq: number, everyNth = 1): EventRow {
  const id = `note#${seq}`;
  const makes = seq % everyNth === 0;
  const provenance = {
    created_by: 'writer',
    caused_by_event: 'evt_001',
    frame_id: null,
    timestamp: createdAt,
    evidence: [],
  };
  const data = {
    title: `Note number ${seq}`,
    body: 'What was seen, by whom, and what follows from it, in one line.',
    score: seq % 100,
  };
  const payload = makes ? { object: { id, type: 'note', data, version: 1, provenance }, id } : { n: seq };
  return {
    id: eventIdAt(seq),
    type: makes ? 'object.created' : 'tick',
    payload: JSON.stringify(payload),
    actor: 'writer',
    causedBy: 'evt_001',
    frameId: null,
    timestamp: createdAt,
    subject: makes ? id : null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}
