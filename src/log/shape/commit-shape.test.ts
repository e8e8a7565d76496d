import { expect, it } from 'vitest';
import { checkShape } from './commit-shape.ts';
import type { EventRow } from '../event.ts';

const row = (changed: Partial<EventRow>): EventRow => ({
  id: 'evt_001',
  type: 'tick',
  payload: '{}',
  actor: 'somebody',
  causedBy: null,
  frameId: null,
  timestamp: '2026-01-01T00:00:00Z',
  subject: null,
  schemaVersion: null,
  runId: null,
  provider: null,
  correlationId: null,
  metadata: null,
  ...changed,
});
const check = (...events: readonly EventRow[]): void =>
  checkShape([{ logId: 'run', expected: 0, epoch: null, events }]);

it('takes events that say the same as the one before', () => {
  check(
    row({}),
    row({ id: 'evt_002' }),
    row({ id: 'evt_003', actor: null }),
    row({ id: 'evt_004', actor: null }),
  );
});

const unfit = [
  'id',
  'type',
  'timestamp',
  'actor',
  'causedBy',
  'frameId',
  'subject',
  'runId',
  'provider',
  'correlationId',
] as const;

it.each(unfit)('refuses an unfit %s in the first event, and in one behind a fit one', (field) => {
  for (const text of ['', '\u0000', '\ud800', 'x'.repeat(257)]) {
    const refusal = new RegExp(`the ${field} of an event`);
    expect(() => check(row({ [field]: text }))).toThrow(refusal);
    expect(() => check(row({}), row({ [field]: text }))).toThrow(refusal);
  }
});
