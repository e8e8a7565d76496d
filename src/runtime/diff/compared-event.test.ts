/** Proves which fields of an event count when two runs are compared. */
import { expect, test } from 'vitest';
import { plantedOne } from '../../../test/harness/planted-events.ts';
import { comparedText } from './compared-event.ts';
import { UsageSum } from './side-usage.ts';

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
  expect(comparedText(plantedOne(type, left))).toBe(comparedText(plantedOne(type, right)));
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
  expect(comparedText(plantedOne(type, left))).not.toBe(comparedText(plantedOne(type, right)));
});

test('another actor is a difference, another cause is none', () => {
  const [one, two] = ['jane', 'joe'].map((actor) => comparedText(plantedOne('note', {}, { actor })));
  expect(one).not.toBe(two);
  expect(comparedText(plantedOne('note', {}, { causedBy: 'evt_001' }))).toBe(
    comparedText(plantedOne('note', {})),
  );
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
