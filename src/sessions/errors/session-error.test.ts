import { describe, expect, it } from 'vitest';
import { isStructuredError, NotFoundError, RunlogError, StorageError } from '../../base/index.ts';
import { ConcurrentWriterError, StoreClosedError } from '../../log/index.ts';
import * as classes from './error-classes.ts';
import { sessionErrorCodes, sessionErrorMeaning } from './error-codes.ts';
import {
  isRetryable,
  sessionError,
  sessionErrorCategory,
  sessionErrorCode,
  sessionErrorFromJson,
  sessionErrorToJson,
} from './session-error.ts';

describe('the codes of session errors', () => {
  it('are the 45 of the specification and the six that it uses without naming them', () => {
    expect(sessionErrorCodes).toHaveLength(51);
    expect(new Set(sessionErrorCodes).size).toBe(51);
    const unnamed =
      'query_error maintenance_error persistence_error command_not_found command_timeout command_failed';
    expect(sessionErrorCodes).toEqual(expect.arrayContaining(unnamed.split(' ')));
  });

  it.each(sessionErrorCodes)('%s is the code of the class that it names', (code) => {
    const error = sessionError(code, 'what happened');
    const { of, category } = sessionErrorMeaning(code);
    expect(error).toBeInstanceOf(of);
    expect(error).toBeInstanceOf(classes.SessionError);
    expect(error).toBeInstanceOf(RunlogError);
    expect(sessionErrorCode(error)).toBe(code);
    expect(sessionErrorCategory(error)).toBe(category);
  });

  it('give every class a code of its own', () => {
    const leaves = Object.values(classes).filter(({ code }) => sessionErrorMeaning(code) !== undefined);
    expect(leaves).toHaveLength(51);
  });

  it('say of five that trying again can help', () => {
    expect(sessionErrorCodes.filter(isRetryable)).toEqual([
      'provider_unavailable',
      'provider_rate_limited',
      'provider_timeout',
      'storage_connection_failed',
      'timeout',
    ]);
  });

  it('keep the lineage of the platform and of the house', () => {
    expect(sessionError('session_not_found')).toBeInstanceOf(NotFoundError);
    expect(sessionError('validation_error')).toBeInstanceOf(TypeError);
    expect(sessionError('storage_error')).toBeInstanceOf(StorageError);
  });
});

describe('a failure of another room', () => {
  it('has a stored code too', () => {
    const texts = { summary: 's', whatFailed: 'f', why: 'w', howToFix: 'h' };
    expect(sessionErrorCode(new StoreClosedError(texts))).toBe('storage_connection_failed');
    expect(sessionErrorCode(new ConcurrentWriterError(texts))).toBe('storage_write_failed');
    expect(sessionErrorCode(new Error('boom'))).toBe('unknown_error');
  });
});

describe('a session error as JSON', () => {
  it('is read back as it was written', () => {
    const error = sessionError('provider_error', 'the provider fell over', {
      details: { attempt: 2 },
      providerError: { kind: 'transport_exit', exit_code: 2 },
    });
    const json = sessionErrorToJson(error);
    expect(json).toEqual({
      code: 'provider_error',
      message: 'the provider fell over',
      details: { attempt: 2 },
      provider_error: { kind: 'transport_exit', exit_code: 2 },
    });
    expect(sessionErrorToJson(sessionErrorFromJson(json))).toEqual(json);
  });

  it('is written of anything that was thrown', () => {
    expect(sessionErrorToJson('no')).toEqual({ code: 'unknown_error', message: 'no' });
  });

  it.each([null, { code: 'no_such', message: 'x' }, { code: 'timeout' }, { code: 'timeout', message: '' }])(
    'is refused when it is %j',
    (json) => {
      expect(() => sessionErrorFromJson(json)).toThrow(classes.ValidationError);
    },
  );

  it('carries three texts', () => {
    const error: unknown = sessionErrorFromJson({ code: 'timeout', message: 'it took 3 s' });
    expect(isStructuredError(error) && error.howToFix).toContain('time');
  });
});

it('ends what somebody else has said with one full stop', () => {
  expect(sessionError('provider_error', 'No such model.').whatFailed).toBe('No such model.');
  expect(sessionError('provider_error', 'no such model').whatFailed).toBe('No such model.');
});
