import { describe, expect, it } from 'vitest';
import {
  ApprovalNotFoundError,
  InvalidPageCursorError,
  InvalidStoreURL,
  OutputFileError,
  ReplayDivergenceError,
} from '../app/index.ts';
import { type ErrorClass, InvalidRuntimeConfiguration, type JsonObject } from '../base/index.ts';
import {
  ConcurrentWriterError,
  CorruptedEventPayloadError,
  DamagedHistoryError,
  DuplicateEventError,
  EventNotFoundError,
  FencedError,
  ForeignDatabaseError,
  RunExistsError,
  RunNotFoundError,
  RunOwnedError,
  SchemaVersionMismatch,
  StoreNotFoundError,
  StoreUnavailableError,
} from '../log/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

const rows: readonly (readonly [code: number, of: ErrorClass, context?: JsonObject])[] = [
  [2, UsageError],
  [2, InvalidStoreURL],
  [2, InvalidPageCursorError],
  [3, RunNotFoundError],
  [3, EventNotFoundError],
  [3, StoreNotFoundError],
  [3, ApprovalNotFoundError],
  [4, CorruptedEventPayloadError],
  [4, DamagedHistoryError],
  [4, SchemaVersionMismatch],
  [4, ForeignDatabaseError, { reason: 'not-a-database' }],
  [1, ForeignDatabaseError, { tables: ['customers'] }],
  [5, ConcurrentWriterError],
  [5, DuplicateEventError],
  [5, FencedError],
  [5, RunOwnedError],
  [5, RunExistsError],
  [5, ReplayDivergenceError],
  [5, StoreUnavailableError, { reason: 'busy' }],
  [1, StoreUnavailableError, { reason: 'read-only' }],
  [1, StoreUnavailableError, { reason: 'full' }],
  [1, StoreUnavailableError, { reason: 'io' }],
  [1, OutputFileError],
  [1, InvalidRuntimeConfiguration],
];

describe('exitCodeOf', () => {
  it.each(rows.map(([code, of, context = {}]) => ({ code, of, context })))(
    'is $code for $of.name $context',
    ({ code, of, context }) => {
      const error = new of({ summary: 's', whatFailed: 'f', why: 'w', howToFix: 'h', context });
      expect(exitCodeOf(error)).toBe(code);
    },
  );

  it.each([new TypeError('x'), 'text', undefined, null])('is 1 for what nobody foresaw: %o', (thrown) => {
    expect(exitCodeOf(thrown)).toBe(1);
  });
});
