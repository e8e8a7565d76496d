/** Proves which events the comparison of state is spared. */
import { expect, test } from 'vitest';
import { differingEvents } from './differing-events.ts';
import type { GraphEvent } from './touched-element.ts';

function made(seq: number, id: string): GraphEvent {
  return { seq, id: `evt_${seq}`, type: 'object.created', actor: null, payload: { object: { id } } };
}

function removed(seq: number, id: string): GraphEvent {
  return { seq, id: `evt_${seq}`, type: 'object.removed', actor: null, payload: { id } };
}

test('what both did alike to an element is left out, and what one of them did to another stays on both sides', () => {
  const left = [made(1, 'a#1'), made(2, 'a#2'), made(3, 'a#2')];
  const right = [made(1, 'a#1'), made(2, 'a#2')];
  expect(differingEvents({ left, right }, { shared: 2, onlyLeft: left.slice(2), onlyRight: [] })).toEqual({
    left: left.slice(1),
    right: right.slice(1),
  });
});

test('nothing is left out where an object was removed, because relations went with it', () => {
  const tail = [made(1, 'a#1'), removed(2, 'a#1')];
  expect(differingEvents({ left: tail, right: tail }, { shared: 2, onlyLeft: [], onlyRight: [] })).toEqual({
    left: tail,
    right: tail,
  });
});
