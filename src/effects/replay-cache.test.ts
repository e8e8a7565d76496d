/** Proves which recorded answer is found for a question that is asked again. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../base/index.ts';
import type { LogEvent } from '../log/index.ts';
import { answersFromEvents } from './replay-cache.ts';

function log(
  ...entries: readonly (readonly [type: string, causedBy: string | null, payload: JsonObject])[]
): readonly LogEvent[] {
  return entries.map(([type, causedBy, payload], index) => ({
    seq: index + 1,
    id: `evt_${index + 1}`,
    type,
    payload,
    actor: 'asker',
    causedBy,
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
  }));
}

test('a model answer is found by the hash of its request', () => {
  const answers = answersFromEvents(
    log(
      ['llm.requested', null, { prompt_hash: 'p' }],
      ['llm.responded', 'evt_1', { raw_text: 'yes', prompt_hash: 'other' }],
    ),
  );
  expect(answers.model('p')).toEqual({ raw_text: 'yes', prompt_hash: 'other' });
  expect(answers.model('other')).toBeNull();
});

test('a tool answer is found by the hash of its arguments, apart from model answers', () => {
  const answers = answersFromEvents(
    log(
      ['tool.requested', null, { args_hash: 'h' }],
      ['tool.responded', 'evt_1', { output: 1, args_hash: 'h' }],
    ),
  );
  expect(answers.tool('h')).toMatchObject({ output: 1 });
  expect(answers.model('h')).toBeNull();
});

test('the last answer wins', () => {
  const answers = answersFromEvents(
    log(
      ['llm.requested', null, { prompt_hash: 'p' }],
      ['llm.responded', 'evt_1', { raw_text: 'first' }],
      ['llm.requested', null, { prompt_hash: 'p' }],
      ['llm.responded', 'evt_3', { raw_text: 'second' }],
    ),
  );
  expect(answers.model('p')).toEqual({ raw_text: 'second' });
});

test('a failed tool call keeps its error', () => {
  const error = { reason: 'tool.timeout', message: 'late' };
  const answers = answersFromEvents(
    log(['tool.requested', null, { args_hash: 'h' }], ['tool.responded', 'evt_1', { error }]),
  );
  expect(answers.tool('h')).toEqual({ error });
});

test('an answer whose request is not among the events is found by the hash that it repeats', () => {
  const answers = answersFromEvents(log(['llm.responded', 'evt_0', { raw_text: 'yes', prompt_hash: 'p' }]));
  expect(answers.model('p')).toMatchObject({ raw_text: 'yes' });
});

test('a failed attempt that another runtime recorded is not an answer', () => {
  const answers = answersFromEvents(
    log(['llm.responded', null, { prompt_hash: 'p', error: { reason: 'llm.network_error' } }]),
  );
  expect(answers.model('p')).toBeNull();
});

test('other events and requests without an answer give nothing', () => {
  const answers = answersFromEvents(
    log(['llm.requested', null, { prompt_hash: 'p' }], ['note.added', null, { prompt_hash: 'q' }]),
  );
  expect([answers.model('p'), answers.model('q'), answers.tool('p')]).toEqual([null, null, null]);
});
