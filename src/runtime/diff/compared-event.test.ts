/** Proves which fields of an event count when two runs are compared, and that elements compared in place are compared as texts are. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantedOne } from '../../../test/harness/planted-events.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { comparedEvent, comparedText, didTheSame } from './compared-event.ts';
import { IdNumbers } from './id-numbers.ts';
import { UsageSum } from './side-usage.ts';

const ids = new IdNumbers();

function areSame(left: LogEvent, right: LogEvent): boolean {
  return didTheSame(comparedEvent(left, ids), comparedEvent(right, ids));
}

const answer = { raw_text: 'a', input_tokens: 10, output_tokens: 2, cost_usd: '0.1', latency_seconds: 1 };

test.each([
  [
    'an answer of the record',
    'llm.responded',
    answer,
    { ...answer, cache_hit: true, latency_seconds: 0, cost_usd: '0' },
  ],
  ['a request without estimates', 'llm.requested', { model: 'm', budget_remaining_usd: '1' }, { model: 'm' }],
  ['a call under another id', 'tool.requested', { tool: 't', call_id: '1' }, { tool: 't', call_id: '2' }],
  [
    'an object from another event',
    'object.created',
    { object: { id: 'a#1', data: {}, provenance: { caused_by_event: 'evt_001' } }, id: 'a#1' },
    { object: { id: 'a#1', data: {}, provenance: { caused_by_event: 'evt_009', run_id: 'x' } }, id: 'a#1' },
  ],
])('%s did the same', (_name, type, left, right) => {
  expect(areSame(plantedOne(type, left), plantedOne(type, right))).toBe(true);
});

test.each([
  ['another answer', 'llm.responded', answer, { ...answer, raw_text: 'b' }],
  ['an event of one’s own with such a field', 'probe', { latency_seconds: 1 }, { latency_seconds: 2 }],
  [
    'a field of an object with such a name',
    'object.created',
    { object: { data: { provenance_of: 1 } } },
    { object: { data: { provenance_of: 2 } } },
  ],
])('%s is a difference', (_name, type, left, right) => {
  expect(areSame(plantedOne(type, left), plantedOne(type, right))).toBe(false);
});

test.each([
  ['an event of one’s own', 'note', {}],
  ['an object', 'object.created', { object: { id: 'a#1' } }],
])('of %s, another actor is a difference, another cause is none', (_name, type, payload) => {
  const [jane, joe] = ['jane', 'joe'].map((actor) => plantedOne(type, payload, { actor }));
  expect(jane !== undefined && joe !== undefined && areSame(jane, joe)).toBe(false);
  expect(areSame(plantedOne(type, payload, { causedBy: 'evt_001' }), plantedOne(type, payload))).toBe(true);
});

const leaf = fc.constantFrom<JsonValue>(null, 0, -0, 1, Number.POSITIVE_INFINITY, '', 'a', true);
const value = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.array(tie('value'), { maxLength: 2 }),
    // Keys come in any order, and one of them is no key like others.
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('x', 'y', '__proto__', '1'), tie('value')), {
        maxLength: 3,
        selector: ([key]) => key,
      })
      .map((entries): JsonValue => Object.fromEntries(entries)),
  ),
})).value;
const element = fc
  .record(
    { id: fc.constantFrom<JsonValue>('a#1', 'a#2', 7), data: value, provenance: value, z: value },
    { requiredKeys: [] },
  )
  .chain((fields) =>
    fc.shuffledSubarray(Object.entries(fields)).map((kept): JsonValue => Object.fromEntries(kept)),
  );
const graphEvent = fc.record({
  type: fc.constantFrom('object.created', 'relation.created', 'patch.applied', 'patch.proposed'),
  actor: fc.constantFrom('jane', null),
  payload: fc.record({ object: fc.oneof(element, leaf), relation: element, patch: element, diff: value }),
});

/** As the definition says it: the type, the actor, and the element without its provenance. */
function wholeText({
  type,
  actor,
  payload,
}: {
  type: string;
  actor: string | null;
  payload: JsonObject;
}): string {
  const compared = payload[type.startsWith('patch.') ? 'patch' : type.slice(0, -'.created'.length)] ?? null;
  return JSON.stringify([type, actor, isJsonObject(compared) ? { ...compared, provenance: {} } : payload]);
}

test('events about elements did the same exactly when their texts without provenance are equal', () => {
  const seen = { same: 0, different: 0 };
  fc.assert(
    fc.property(graphEvent, graphEvent, fc.boolean(), (left, drawn, isClose) => {
      const right = isClose ? { ...left, payload: { ...left.payload, diff: drawn.payload.diff } } : drawn;
      const [one, other] = [left, right].map(({ type, actor, payload }) =>
        comparedEvent(plantedOne(type, payload, actor === null ? {} : { actor }), ids),
      );
      if (one === undefined || other === undefined) throw new Error('two events were planted');
      const isSame = wholeText(left) === wholeText(right);
      expect(didTheSame(one, other)).toBe(isSame);
      expect(comparedText(one) === comparedText(other)).toBe(isSame);
      seen[isSame ? 'same' : 'different'] += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.same, seen.different)).toBeGreaterThan(100);
});

test('money is added up exactly, and apart from what a record answered', () => {
  const events = [
    plantedOne('llm.responded', { ...answer, cost_usd: '0.1' }),
    plantedOne('tool.responded', { cost_usd: '0.2' }),
    plantedOne('llm.responded', { ...answer, cost_usd: '1E-7', cache_hit: true }),
    plantedOne('note', { cost_usd: '5' }),
  ];
  const sum = new UsageSum();
  for (const event of events) sum.add(event);
  expect(sum.total).toEqual({
    asked: { modelAnswers: 1, toolAnswers: 1, inputTokens: 10, outputTokens: 2, costUsd: '0.3' },
    cached: { modelAnswers: 1, toolAnswers: 0, inputTokens: 10, outputTokens: 2, costUsd: '0.0000001' },
  });
});
