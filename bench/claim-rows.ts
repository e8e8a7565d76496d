// The event that most benchmarks write: 335 bytes of payload about a claim of a document, as the shipped packs make them.
import { eventIdAt } from '../src/base/index.ts';
import type { EventRow, LogStore } from '../src/log/index.ts';

export const createdAt = '2026-01-01T00:00:00Z';

export const claimPayload = JSON.stringify({
  object_id: 'claim#12',
  type: 'claim',
  data: { text: 'x'.repeat(113), confidence: 0.75, source: 'document#3', tags: ['revenue', 'q3', 'audited'] },
  provenance: { behavior: 'extract_claims', event: 'evt_0012', at: createdAt },
});

/** The rows of the places from `seq` on. */
export function claimRows(seq: number, count: number): EventRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: eventIdAt(seq + index),
    type: 'object.created',
    payload: claimPayload,
    actor: 'extract_claims',
    causedBy: eventIdAt(seq + index - 1),
    frameId: 'frame_001',
    timestamp: createdAt,
    subject: 'claim#12',
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  }));
}

/** A run that nobody owns, with so many of them. */
export async function fillClaims(store: LogStore, logId: string, count: number): Promise<void> {
  await store.create({ id: logId, kind: 'run', label: null, createdAt });
  for (let seq = 0; seq < count; seq += 10_000) {
    const events = claimRows(seq + 1, Math.min(10_000, count - seq));
    await store.commit([{ logId, expected: seq, epoch: null, events }]);
  }
}
