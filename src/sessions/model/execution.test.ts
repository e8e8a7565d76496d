import { describe, expect, it } from 'vitest';
import { InvalidTransitionError, ValidationError } from '../errors/error-classes.ts';
import {
  addTokenUsage,
  completeExecution,
  executionFromJson,
  executionStatuses,
  executionToJson,
  failExecution,
  moveExecution,
  newExecution,
} from './execution.ts';
import { countingMint } from './mint.ts';

const mint = countingMint();
const fresh = () => newExecution({ sessionId: 's', input: { prompt: 'hi' } }, mint);

describe('the states of an execution', () => {
  const ends = ['completed', 'failed', 'cancelled', 'timeout'] as const;

  it.each(ends)('once it is %s, it never runs again', (end) => {
    const over = moveExecution(moveExecution(fresh(), 'running', mint), end, mint);
    expect(over.endedAt).not.toBeNull();
    for (const to of executionStatuses.filter((status) => status !== end)) {
      expect(() => moveExecution(over, to, mint)).toThrow(InvalidTransitionError);
    }
  });

  it('never lead back to pending', () => {
    expect(() => moveExecution(moveExecution(fresh(), 'running', mint), 'pending', mint)).toThrow(
      InvalidTransitionError,
    );
  });

  it('end with what came of it', () => {
    const running = moveExecution(fresh(), 'running', mint);
    expect(completeExecution(running, { text: 'ho' }, mint)).toMatchObject({
      status: 'completed',
      output: { text: 'ho' },
    });
    const error = { code: 'timeout', message: 'late' };
    expect(failExecution(running, error, mint, 'timeout')).toMatchObject({ status: 'timeout', error });
  });
});

describe('what an execution used', () => {
  it('is added up, and what is no number is replaced', () => {
    const once = addTokenUsage(fresh(), { input_tokens: 10, model: 'a' });
    expect(addTokenUsage(once, { input_tokens: 5, output_tokens: 1, model: 'b' }).tokenUsage).toEqual({
      input_tokens: 15,
      output_tokens: 1,
      model: 'b',
    });
  });
});

describe('the document of an execution', () => {
  it('is read and written alike', () => {
    const json = {
      id: 'r',
      session_id: 's',
      status: 'failed',
      input: 'text',
      output: null,
      error: { code: 'timeout', message: 'late' },
      metadata: { a: 1 },
      turn_count: 3,
      token_usage: { input_tokens: 1 },
      cost_usd: 1,
      started_at: '2026-01-01T00:00:00.000000Z',
      ended_at: '2026-01-01T00:00:01.000000Z',
      provider: 'claude',
      provider_metadata: { model: 'm' },
    };
    expect(executionToJson(executionFromJson(json))).toEqual(json);
  });

  it('needs its session', () => {
    expect(() => newExecution({ sessionId: '' }, mint)).toThrow('session_id cannot be empty');
  });

  it('is refused with a count that is none', () => {
    expect(() => executionFromJson({ ...executionToJson(fresh()), turn_count: -1 })).toThrow(ValidationError);
  });
});
