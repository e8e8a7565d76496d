/** Proves what a normalized event shares whatever the agent calls it, what is counted as failed, and how it is exported. */
import { describe, expect, it } from 'vitest';
import { ValidationError } from '../errors/error-classes.ts';
import { sessionEventTypes } from '../model/event-types.ts';
import { countingMint } from '../model/mint.ts';
import { filterNormalized, normalizeEvent, normalizeEvents } from './event-normalizer.ts';
import { haveSameContext, normalizedEventFromJson, normalizedEventToJson } from './normalized-event.ts';
import { resolveEventType } from './raw-event.ts';

const context = { sessionId: 's', runId: 'r' };

describe('the type of an event', () => {
  it.each(sessionEventTypes)('%s is itself', (type) => {
    expect(resolveEventType(type)).toBe(type);
  });

  it.each(['text', 'message.received', '', null, 7])('%j is an error, never a guess', (name) => {
    expect(resolveEventType(name)).toBe('error_occurred');
  });
});

describe('normalizing', () => {
  it('keeps the event beside the fields that all agents share', () => {
    const raw = {
      type: 'tool_call_started',
      id: 'p1',
      name: 'bash',
      data: { tool_input: { command: 'ls' }, odd: 1 },
      model: 'm',
      stop_reason: 'end',
    };
    expect(
      normalizeEvent(raw, { ...context, provider: 'claude', sequenceNumber: 3 }, countingMint()),
    ).toEqual({
      id: `nevt_${'1'.padStart(32, '0')}`,
      type: 'tool_call_started',
      timestamp: '2026-01-01T00:00:00.000000Z',
      sessionId: 's',
      runId: 'r',
      sequenceNumber: 3,
      parentEventId: null,
      data: { raw, tool_name: 'bash', tool_input: { command: 'ls' } },
      metadata: { model: 'm', stop_reason: 'end' },
      provider: 'claude',
      providerEventId: 'p1',
    });
  });

  it('says what an unknown type was, and takes a message id for want of another', () => {
    const event = normalizeEvent({ type: 'thinking', message_id: 'm1' }, context, countingMint());
    expect(event).toMatchObject({
      type: 'error_occurred',
      data: { original_type: 'thinking' },
      provider: 'generic',
      providerEventId: 'm1',
    });
  });

  it('refuses what is no map, and a context without session or run', () => {
    expect(() => normalizeEvent('x', context, countingMint())).toThrow(ValidationError);
    expect(() => normalizeEvent({}, { sessionId: 's', runId: '' }, countingMint())).toThrow(ValidationError);
  });

  it('numbers a batch, and gives what failed its number too', () => {
    const raws = [{ type: 'run_started' }, 7, { type: 'run_completed' }];
    const { events, failures } = normalizeEvents(raws, { ...context, sequenceOffset: 5 }, countingMint());
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([5, 7]);
    expect(failures).toEqual([{ sequenceNumber: 6, raw: 7, error: expect.any(ValidationError) as unknown }]);
  });

  it('is read and written alike', () => {
    const event = normalizeEvent({ type: 'run_started' }, context, countingMint());
    expect(normalizedEventFromJson(normalizedEventToJson(event))).toEqual(event);
    expect(() => normalizedEventFromJson({ ...normalizedEventToJson(event), run_id: null })).toThrow(
      ValidationError,
    );
  });
});

describe('filtering', () => {
  it('goes by session, run and types together', () => {
    const { events } = normalizeEvents(
      ['run_started', 'message_sent', 'run_completed'].map((type) => ({ type })),
      context,
      countingMint(),
    );
    const other = { ...events[0], runId: 'q' };
    expect(filterNormalized(events, { sessionId: 's', runId: 'r', types: ['run_started'] })).toHaveLength(1);
    expect(filterNormalized(events, { runId: 'q' })).toEqual([]);
    expect(filterNormalized(events, {})).toEqual(events);
    expect(haveSameContext(context, { sessionId: 's', runId: other.runId })).toBe(false);
  });
});
