// Upcasts: how events of older forms are raised, and which declarations are refused.
import { describe, expect, it, test } from 'vitest';
import { decodeEvent, type StoredEvent } from './event.ts';
import { EventForms, upcast } from './upcast.ts';
import { InvalidUpcastError, UpcastError } from './upcast-errors.ts';

function stored(payload: object, schemaVersion: number | null = null): StoredEvent {
  return {
    seq: 1,
    id: 'evt_001',
    type: 'order.placed',
    payload: JSON.stringify(payload),
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion,
    metadata: null,
    hash: null,
  };
}

const toTwo = upcast('order.placed', 1, 2, ({ qty = null }) => ({ quantity: qty }));
const toFour = upcast('order.placed', 2, 4, (payload) => ({ ...payload, unit: 'piece' }));

describe('an event', () => {
  const forms = new EventForms([toFour, toTwo]);

  it.each([
    ['without a version', stored({ qty: 3 })],
    ['of version 1', stored({ qty: 3 }, 1)],
    ['of version 2', stored({ quantity: 3 }, 2)],
    ['of the present version', stored({ quantity: 3, unit: 'piece' }, 4)],
  ])('%s is read in the present form', (_, row) => {
    expect(decodeEvent(row, 'a', forms)).toMatchObject({
      payload: { quantity: 3, unit: 'piece' },
      schemaVersion: 4,
    });
  });

  it('of a newer version is read as it is, and known as that', () => {
    const event = decodeEvent(stored({ lines: [] }, 5), 'a', forms);
    expect(event).toMatchObject({ payload: { lines: [] }, schemaVersion: 5 });
    expect(forms.isNewer(event)).toBe(true);
  });

  it('of a type without upcasts has version 1', () => {
    expect(forms.versionOf('order.cancelled')).toBe(1);
    expect(forms.isNewer({ type: 'order.cancelled', schemaVersion: 2 })).toBe(true);
    expect(forms.isNewer({ type: 'order.cancelled' })).toBe(false);
  });

  it('of a version between two steps is refused by name', () => {
    const read = () => decodeEvent(stored({}, 3), 'a', forms);
    expect(read).toThrow(UpcastError);
    expect(read).toThrow(/event 'evt_001' of run 'a'.*no upcast begins at this version/);
  });
});

test.each([
  ['throws', () => expect.unreachable(), 'its function threw'],
  ['returns a list', () => [], 'its function returned no JSON object'],
  ['returns what is no JSON', () => ({ at: Number.NaN }), 'its function returned no JSON object'],
  ['returns a promise', async () => ({}), 'its function returned no JSON object'],
])('an upcast that %s is told with event and step', (_, fn, problem) => {
  const forms = new EventForms([upcast('order.placed', 1, 2, fn)]);
  const read = () => decodeEvent(stored({}), 'a', forms);
  expect(read).toThrow(UpcastError);
  expect(read).toThrow(problem);
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({
      context: { event_id: 'evt_001', event_type: 'order.placed', from: 1, to: 2 },
    });
  }
});

const same = (payload: object) => payload;

test.each([
  ['a step back', 2, 1],
  ['a step to itself', 1, 1],
  ['a version 0', 0, 1],
  ['half a version', 1, 1.5],
])('%s is refused', (_, from, to) => {
  expect(() => upcast('order.placed', from, to, same)).toThrow(InvalidUpcastError);
});

test.each([
  'behavior.started',
  'runtime.idle',
  'llm.responded',
  'approval.proposed',
  'pack.loaded',
  'behavior.failed',
  '',
])("an upcast of '%s' is refused", (type) => {
  expect(() => upcast(type, 1, 2, same)).toThrow(InvalidUpcastError);
});

test.each([
  ['a gap', [toTwo, upcast('order.placed', 3, 4, same)], 'no upcast leads from version 2'],
  ['a beginning after version 1', [toFour], 'no upcast leads from version 1'],
  ['two for one step', [toTwo, upcast('order.placed', 1, 3, same)], 'two upcasts begin at version 1'],
  [
    'a step into another',
    [upcast('order.placed', 1, 3, same), upcast('order.placed', 2, 4, same)],
    'from version 2',
  ],
])('%s among upcasts is refused', (_, upcasts, problem) => {
  const declare = () => new EventForms(upcasts);
  expect(declare).toThrow(InvalidUpcastError);
  expect(declare).toThrow(problem);
});
