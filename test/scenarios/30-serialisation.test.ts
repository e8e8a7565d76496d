/** Scenario 30: what may stand in a payload, and in which form it is kept. */
import { NonSerializableEventError } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { eventsOf, loadFixed, openFixed } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

class Decimal {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toJSON(): string {
    return this.#text;
  }
}

class Opaque {
  readonly value = 1;
}

test('dates, decimals, sets and lists are kept in the form of JSON', async () => {
  const run = await openFixed();
  const event = await run.emit('odd', {
    d: new Decimal('1.50'),
    t: new Date('2026-01-02T03:04:05Z'),
    s: new Set([3, 1, 2]),
    u: 'é',
    nested: [[1, [2]], []],
    f: 1.0,
    i: 2,
    zero: -0,
    dropped: undefined,
    url: new URL('https://example.org/x'),
  });
  expect(event.payload).toEqual({
    d: '1.50',
    t: '2026-01-02T03:04:05.000Z',
    s: [1, 2, 3],
    u: 'é',
    nested: [[1, [2]], []],
    f: 1,
    i: 2,
    zero: 0,
    url: 'https://example.org/x',
  });
  expect(Object.is(event.payload['zero'], 0)).toBe(true);
});

test('what is read back is what was written', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({}, store);
  const text = '{"__proto__":{"a":1},"constructor":"x","\ud83d\ude00":"\\ud800","e":"\\u0000"}';
  await run.mutate((graph) => graph.addObject('odd', JSON.parse(text) as object));
  const live = run.graph.object('odd#1')?.data;
  await run.close();
  const loaded = await loadFixed(store);
  expect(JSON.stringify(loaded.graph.object('odd#1')?.data)).toBe(JSON.stringify(live));
  expect(JSON.stringify(live)).toBe(JSON.stringify(JSON.parse(text)));
  expect(Object.getPrototypeOf(live)).toBe(Object.prototype);
});

const refused: readonly (readonly [string, object, string])[] = [
  ['an instance of a class', { a: { b: [1, new Opaque()] } }, 'a.b[1]'],
  ['NaN', { n: Number.NaN }, 'n'],
  ['Infinity', { list: [Number.POSITIVE_INFINITY] }, 'list[0]'],
  ['a function', { f: () => 1 }, 'f'],
  ['a BigInt', { deep: { n: 1n } }, 'deep.n'],
  ['a symbol', { s: Symbol('x') }, 's'],
  ['an invalid date', { t: new Date(Number.NaN) }, 't'],
  ['a Map', { m: new Map([[1, 2]]) }, 'm'],
  ['a hole in a list', { list: Object.assign([], { length: 2 }) }, 'list[0]'],
];

describe('a payload', () => {
  it.each(refused)(
    'with %s is refused with its path, and the log stays as it was',
    async (_what, payload, path) => {
      const run = await openFixed();
      await run.emit('first');
      const { hash } = await run.head();
      const emitting = run.emit('odd', payload);
      await expect(emitting).rejects.toBeInstanceOf(NonSerializableEventError);
      await expect(emitting).rejects.toMatchObject({ context: { path } });
      expect((await run.head()).hash).toBe(hash);
      expect(await run.emit('next')).toMatchObject({ id: 'evt_002' });
    },
  );

  it('that is no object is refused', async () => {
    const run = await openFixed();
    await expect(run.emit('odd', [1])).rejects.toBeInstanceOf(NonSerializableEventError);
    expect(await eventsOf(run)).toEqual([]);
  });
});
