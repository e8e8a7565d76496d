/** Proves the way of an event into the store: one by one and in batches, again, in pieces, and with what the store does about it. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { flakyStore } from '../../../test/harness/flaky-store.ts';
import { manualTime, settled } from '../../../test/harness/manual-time.ts';
import { DuplicateEventError } from '../../log/index.ts';
import { StreamClosedError, ValidationError } from '../errors/error-classes.ts';
import { countingMint } from '../model/mint.ts';
import { EventPipeline, type EventPipelineOptions } from './event-pipeline.ts';
import type { PipelineNotice } from './notice.ts';

const context = { sessionId: 's', runId: 'r' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const secret = `ghp_${'a'.repeat(36)}`;

function bed(options: Partial<EventPipelineOptions> = {}) {
  const store = flakyStore();
  const time = manualTime();
  const notices: PipelineNotice[] = [];
  const pipeline = new EventPipeline({
    store,
    mint: countingMint(),
    sha256,
    platform: time,
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  return {
    store,
    time,
    notices,
    pipeline,
    texts: () => store.stored.map(({ data }) => data['content'] ?? null),
  };
}

const piece = (text: string, more = {}) => ({
  type: 'message_streamed',
  data: { content: text, delta: text, ...more },
});
const other = (type = 'token_usage_updated') => ({ type, data: { input_tokens: 1, output_tokens: 1 } });

describe('one event', () => {
  it('is answered as it is stored', async () => {
    const { pipeline, store } = bed();
    const event = await pipeline.process({ type: 'message_sent', data: { content: secret } }, context);
    expect(event).toEqual(store.stored[0]);
    expect(event).toMatchObject({ sequenceNumber: 1, data: { content: '[REDACTED]' } });
  });

  it('that is refused leaves no trace', async () => {
    const { pipeline, store, notices } = bed();
    await expect(pipeline.process({ type: 'run_started', data: 7 }, context)).rejects.toThrow(
      ValidationError,
    );
    expect(store.asked).toEqual([]);
    expect(notices.map(({ kind }) => kind)).toEqual(['event_rejected']);
  });

  it('is told of when it is stored, odd or redacted', async () => {
    const { pipeline, notices } = bed();
    await pipeline.process({ type: 'message_received', data: { content: secret } }, context);
    expect(notices.map(({ kind }) => kind)).toEqual([
      'event_redacted',
      'event_validation_warning',
      'event_persisted',
    ]);
  });

  it('comes with others that were handed in at the same time in one append', async () => {
    const { pipeline, store } = bed();
    const events = await Promise.all(Array.from({ length: 50 }, () => pipeline.process(other(), context)));
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(events.map((_, index) => index + 1));
    expect(store.asked).toEqual([1, 49]);
  });
});

describe('an event that comes again under its id', () => {
  const raw = { type: 'message_sent', id: 'raw', data: { content: 'x' } };

  it('is the stored one, also without a time', async () => {
    const { pipeline, store } = bed();
    const first = await pipeline.process(raw, context);
    await pipeline.process(other(), context);
    expect(await pipeline.process(raw, context)).toEqual(first);
    expect(await pipeline.processBatch([other(), raw], context)).toMatchObject([
      { sequenceNumber: 3 },
      first,
    ]);
    expect(store.stored).toHaveLength(3);
  });

  it('is refused when it says something else', async () => {
    const { pipeline, store } = bed();
    await pipeline.process(raw, context);
    const changed = { ...raw, data: { content: 'y' } };
    await expect(pipeline.process(changed, context)).rejects.toThrow(DuplicateEventError);
    expect(store.stored).toHaveLength(1);
  });

  it('does not spoil those that were handed in at the same time', async () => {
    const { pipeline, store } = bed();
    await pipeline.process(raw, context);
    const [before, again, after] = await Promise.allSettled([
      pipeline.process(other(), context),
      pipeline.process({ ...raw, data: {} }, context),
      pipeline.process(other(), context),
    ]);
    expect([before.status, again.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.stored).toHaveLength(3);
  });

  it('as a piece of a message does not count twice in the message', async () => {
    const { pipeline, texts } = bed();
    await pipeline.process({ ...piece('my pass'), id: 'one' }, context);
    await pipeline.process({ ...piece('my pass'), id: 'one' }, context);
    await pipeline.process({ ...piece('word: x1 y'), id: 'two' }, context);
    expect(texts()).toEqual(['my ', '[REDACTED] y']);
  });
});

describe('a batch', () => {
  it('is stored in one append and answered in order', async () => {
    const { pipeline, store } = bed();
    const events = await pipeline.processBatch(
      [other(), piece('x'), piece('y'), other('run_completed')],
      context,
    );
    expect(events).toEqual(store.stored);
    expect(store.asked).toEqual([4]);
    expect(await pipeline.processBatch([], context)).toEqual([]);
  });

  it('is not stored at all when one of it is refused', async () => {
    const { pipeline, store, texts } = bed();
    await expect(pipeline.processBatch([piece('my pass'), { type: 7 }], context)).rejects.toThrow(
      ValidationError,
    );
    expect(store.asked).toEqual([]);
    await pipeline.process(piece('word: x1 '), context);
    await pipeline.process(other('run_completed'), context);
    expect(texts()).toEqual(['word: x1 ', null]);
  });

  it('that the store refuses leaves nothing in the message either', async () => {
    const { pipeline, store, texts } = bed();
    store.refused.add('bad');
    await pipeline.process(piece('say '), context);
    const batch = [piece('pass'), { ...other(), id: 'bad' }];
    await expect(pipeline.processBatch(batch, context)).rejects.toThrow(ValidationError);
    await pipeline.process(piece('word: x1 '), context);
    await pipeline.process(other('run_completed'), context);
    expect(texts()).toEqual(['say ', 'word: x1 ', null]);
  });

  it('of pieces of one message becomes few rows, and each piece is answered with its row', async () => {
    const { pipeline, store } = bed({ coalescing: {} });
    const events = await pipeline.processBatch([piece('x'), piece('y'), other(), piece('z')], context);
    expect(store.stored.map(({ data }) => data['delta'] ?? null)).toEqual(['xy', null, 'z']);
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 1, 2, 3]);
  });
});

describe('a secret in two pieces', () => {
  it('is found, with other events in between too', async () => {
    const { pipeline, store, texts } = bed();
    await pipeline.process(piece(`key ${secret.slice(0, 20)}`), context);
    await pipeline.process(other(), context);
    await pipeline.process(piece(`${secret.slice(20)} and on`), context);
    expect(texts()).toEqual(['key ', null, '[REDACTED] and on']);
    expect(store.stored).toHaveLength(3);
  });

  it('is found with an empty piece in between', async () => {
    const { pipeline, texts } = bed();
    for (const text of [secret.slice(0, 20), '', `${secret.slice(20)} on`])
      await pipeline.process(piece(text), context);
    expect(texts()).toEqual(['', '', '[REDACTED] on']);
  });

  it('is found in each of two messages that are streamed at a time', async () => {
    const { pipeline, store } = bed();
    for (const part of [secret.slice(0, 20), `${secret.slice(20)} on`]) {
      await pipeline.process(piece(part, { message_id: 'a' }), context);
      await pipeline.process(piece(part, { message_id: 'b' }), context);
    }
    expect(store.stored.map(({ data }) => data['delta'])).toEqual(['', '', '[REDACTED] on', '[REDACTED] on']);
  });

  it('that was none is written before the message ends', async () => {
    const { pipeline, texts } = bed();
    await pipeline.process(piece('I pass'), context);
    await pipeline.process(
      { type: 'message_received', data: { content: 'I pass', role: 'assistant' } },
      context,
    );
    expect(texts()).toEqual(['I ', 'pass', 'I pass']);
  });

  it('that was none is written once, also when the event that ends the message is refused', async () => {
    const { pipeline, store, texts } = bed();
    store.refused.add('bad');
    await pipeline.process(piece('I pass'), context);
    await expect(pipeline.process({ ...other('run_completed'), id: 'bad' }, context)).rejects.toThrow(
      ValidationError,
    );
    await pipeline.process(other('run_completed'), context);
    expect(texts()).toEqual(['I ', 'pass', null]);
  });

  it('is found where an agent repeats the whole text so far', async () => {
    const { pipeline, store } = bed();
    await pipeline.process(
      { type: 'message_streamed', data: { delta: 'pwd=', content: 'my pwd=' } },
      context,
    );
    await pipeline.process(
      { type: 'message_streamed', data: { delta: 'x1 ', content: 'my pwd=x1 ' } },
      context,
    );
    expect(store.stored.map(({ data }) => data)).toEqual([
      { delta: '', content: 'my ' },
      { delta: '[REDACTED] ', content: 'my [REDACTED] ' },
    ]);
  });

  it('is told of', async () => {
    const { pipeline, notices } = bed();
    await pipeline.process(piece(secret.slice(0, 20)), context);
    await pipeline.process(piece(secret.slice(20)), context);
    expect(notices).toContainEqual({
      kind: 'event_redacted',
      sessionId: 's',
      runId: 'r',
      type: 'message_streamed',
      categories: ['github_pat'],
    });
  });
});

describe('putting pieces together', () => {
  const coalescing = { maxDelayMs: 100, maxCharacters: 10 };

  it('writes a row when its time is over, and says before that it is not stored', async () => {
    const { pipeline, store, time } = bed({ coalescing });
    const first = await pipeline.process(piece('x'), context);
    expect(first.sequenceNumber).toBeNull();
    await time.advance(60);
    await pipeline.process(piece('y'), context);
    expect(store.stored).toEqual([]);
    await time.advance(40);
    expect(store.stored).toMatchObject([
      {
        id: first.id,
        timestamp: first.timestamp,
        data: { content: 'xy', delta: 'xy' },
        metadata: { _coalesced: 2 },
      },
    ]);
    expect(time.waiting()).toBe(0);
  });

  it('writes a row when it is long enough', async () => {
    const { pipeline, texts } = bed({ coalescing });
    for (const text of ['01234', '56789', 'xy']) await pipeline.process(piece(text), context);
    await settled();
    expect(texts()).toEqual(['0123456789']);
  });

  it('writes it before any other event of the session, in the same append', async () => {
    const { pipeline, store, texts } = bed({ coalescing });
    await pipeline.process(piece('x'), context);
    await pipeline.process({ type: 'session_paused', data: {} }, { sessionId: 's', runId: null });
    expect(texts()).toEqual(['x', null]);
    expect(store.asked).toEqual([2]);
  });

  it('does not mix what tells two messages apart', async () => {
    const { pipeline, texts } = bed({ coalescing });
    await pipeline.process(piece('x', { turn_id: 1 }), context);
    await pipeline.process(piece('y', { turn_id: 2 }), context);
    await pipeline.process(piece('z', { turn_id: 2 }), { ...context, runId: 'q' });
    await pipeline.process(piece('w', { turn_id: 2 }), { sessionId: 'other', runId: 'q' });
    await pipeline.flush();
    expect(texts()).toEqual(['x', 'y', 'z', 'w']);
  });

  it('leaves a piece alone that has an id of its own', async () => {
    const { pipeline, store } = bed({ coalescing });
    await pipeline.process(piece('x'), context);
    const named = await pipeline.process({ ...piece('y'), id: 'named' }, context);
    expect(named.sequenceNumber).toBe(2);
    expect(store.stored.map(({ data }) => data['delta'])).toEqual(['x', 'y']);
  });

  it('is ended by closing, held back letters included', async () => {
    const { pipeline, texts, time } = bed({ coalescing });
    await pipeline.process(piece('a pass'), context);
    await pipeline.flush();
    expect(texts()).toEqual(['a ']);
    await pipeline.close();
    await pipeline.close();
    expect(texts()).toEqual(['a ', 'pass']);
    expect(time.waiting()).toBe(0);
    await expect(pipeline.process(piece('y'), context)).rejects.toThrow(StreamClosedError);
  });
});
