/** Proves which events the comparison of state is spared. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantedOne } from '../../../test/harness/planted-events.ts';
import type { JsonObject } from '../../base/index.ts';
import { type ComparedEvent, comparedEvent } from './compared-event.ts';
import { type DifferingEvents, differingEvents } from './differing-events.ts';
import { IdNumbers } from './id-numbers.ts';
import { matchEvents } from './match-events.ts';

const ids = new IdNumbers();
const actors = ['jane', 'joe'] as const;

function event(seq: number, type: string, payload: JsonObject, actor: string = actors[0]): ComparedEvent {
  return { ...comparedEvent(plantedOne(type, payload, { actor }), ids), seq, id: `evt_${seq}` };
}

function made(seq: number, id: string, data: JsonObject = {}, actor: string = actors[0]): ComparedEvent {
  return event(seq, 'object.created', { object: { id, data } }, actor);
}

function removed(seq: number, id: string): ComparedEvent {
  return event(seq, 'object.removed', { id });
}

interface Sides {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** The places of what is compared, or of what is read for it. */
function differing(
  left: readonly ComparedEvent[],
  right: readonly ComparedEvent[],
  which: keyof DifferingEvents = 'compared',
): Sides {
  const { onlyLeft, onlyRight } = matchEvents(left, right, ids);
  const at = (events: readonly ComparedEvent[], indexes: readonly number[]): readonly ComparedEvent[] =>
    indexes.flatMap((index) => events[index] ?? []);
  const { [which]: found } = differingEvents(
    { left, right, ids },
    { onlyLeft: at(left, onlyLeft), onlyRight: at(right, onlyRight) },
  );
  return { left: found.left.map(({ seq }) => seq), right: found.right.map(({ seq }) => seq) };
}

test('what both did alike to an element is left out, and what one of them did to another stays on both sides', () => {
  const left = [made(1, 'a#1'), made(2, 'a#2'), made(3, 'a#2')];
  const right = [made(1, 'a#1'), made(2, 'a#2')];
  expect(differing(left, right)).toEqual({ left: [2, 3], right: [2] });
});

test('nothing is left out where an object was removed, because relations went with it', () => {
  const tail = [made(1, 'a#1'), event(2, 'note', {}), removed(3, 'a#1')];
  expect(differing(tail, tail)).toEqual({ left: [1, 3], right: [1, 3] });
});

test('what another actor did alike leaves an element equal, and in another order it does not', () => {
  const [jane, joe] = actors.map((actor) => [
    made(1, 'a#1', { x: 1 }, actor),
    made(2, 'a#1', { x: 2 }, actor),
  ]);
  if (jane === undefined || joe === undefined) throw new Error('two tails were made');
  expect(differing(jane, joe)).toEqual({ left: [], right: [] });
  expect(differing(jane, joe, 'touched')).toEqual({ left: [1, 2], right: [1, 2] });
  expect(differing(jane, joe.toReversed())).toEqual({ left: [1, 2], right: [2, 1] });
});

test('a number that no JSON can say is not null in the state, though their texts are equal', () => {
  const infinite = { x: Number.POSITIVE_INFINITY };
  const [left, right] = [[made(1, 'a#1', infinite, 'jane')], [made(1, 'a#1', { x: null }, 'joe')]];
  expect(differing(left, right)).toEqual({ left: [1], right: [1] });
});

const elements = ['a#1', 'a#2', 'a#3'];
const step = fc.record({
  id: fc.constantFrom(...elements),
  type: fc.constantFrom('object.created', 'patch.applied', 'note'),
  x: fc.constantFrom(1, 2),
  actor: fc.constantFrom(...actors),
});
const steps = fc.array(step, { maxLength: 10 });
type Steps = typeof steps extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function planted(tail: Steps): readonly ComparedEvent[] {
  return tail.map(({ id, type, x, actor }, index) => {
    const element = { id, target: id, op: 'update', value: { x } };
    return event(index + 1, type, { object: element, patch: element }, actor);
  });
}

/** What a tail did to an element, and where. */
function stepsOf(id: string, tail: Steps): { readonly did: string; readonly seqs: readonly number[] } {
  const own = tail.flatMap((each, index) =>
    each.id === id && each.type !== 'note' ? [{ ...each, seq: index + 1 }] : [],
  );
  return { did: JSON.stringify(own.map(({ type, x }) => [type, x])), seqs: own.map(({ seq }) => seq) };
}

test('exactly the elements that were not treated alike, step by step, are looked at, with all of their steps', () => {
  const seen = { alike: 0, unlike: 0 };
  fc.assert(
    fc.property(steps, steps, (left, right) => {
      const expected: { left: number[]; right: number[] } = { left: [], right: [] };
      for (const id of elements) {
        const [here, there] = [stepsOf(id, left), stepsOf(id, right)];
        seen[here.did === there.did ? 'alike' : 'unlike'] += 1;
        if (here.did === there.did) continue;
        expected.left.push(...here.seqs);
        expected.right.push(...there.seqs);
      }
      const found = differing(planted(left), planted(right));
      expect(found).toEqual({
        left: expected.left.toSorted(byNumber),
        right: expected.right.toSorted(byNumber),
      });
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.alike, seen.unlike)).toBeGreaterThan(100);
});

function byNumber(left: number, right: number): number {
  return left - right;
}
