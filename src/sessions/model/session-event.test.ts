import { describe, expect, it } from 'vitest';
import { InvalidEventTypeError, ValidationError } from '../errors/error-classes.ts';
import { sessionEventTypes } from './event-types.ts';
import { countingMint } from './mint.ts';
import { newSessionEvent, sessionEventFromJson, sessionEventToJson } from './session-event.ts';

const mint = countingMint();

describe('an event of a session', () => {
  it('has one of 28 types', () => {
    expect(new Set(sessionEventTypes).size).toBe(28);
    const json = { ...sessionEventToJson(newSessionEvent({ type: 'run_started', sessionId: 's' }, mint)) };
    expect(() => sessionEventFromJson({ ...json, type: 'run_exploded' })).toThrow(InvalidEventTypeError);
  });

  it('keeps the time of the caller, in its one text', () => {
    const timestamp = '2026-01-01T00:00:00.1Z';
    expect(newSessionEvent({ type: 'run_started', sessionId: 's', timestamp }, mint).timestamp).toBe(
      '2026-01-01T00:00:00.100000Z',
    );
  });

  it('is read and written alike', () => {
    const event = newSessionEvent(
      {
        type: 'message_sent',
        sessionId: 's',
        runId: 'r',
        data: { role: 'user', content: 'hi' },
        metadata: { _validation_warnings: [] },
        provider: 'claude',
        correlationId: 'c',
      },
      mint,
    );
    expect(event.sequenceNumber).toBeNull();
    const stored = { ...sessionEventToJson(event), sequence_number: 7 };
    expect(sessionEventToJson(sessionEventFromJson(stored))).toEqual(stored);
  });

  it.each([undefined, null, '1', 0])('is refused with the schema version %j', (schemaVersion) => {
    const json = sessionEventToJson(newSessionEvent({ type: 'run_started', sessionId: 's' }, mint));
    expect(() => sessionEventFromJson({ ...json, schema_version: schemaVersion })).toThrow(ValidationError);
  });
});
