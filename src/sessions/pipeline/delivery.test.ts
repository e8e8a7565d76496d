/** Proves what happens to events while the store is away: by each policy nothing that was accepted is lost, and the order stays. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { flakyStore } from '../../../test/harness/flaky-store.ts';
import { manualTime, settled } from '../../../test/harness/manual-time.ts';
import { memorySpool } from '../../../test/harness/memory-spool.ts';
import { StoreUnavailableError } from '../../log/index.ts';
import { ValidationError } from '../errors/error-classes.ts';
import { countingMint } from '../model/mint.ts';
import { EventPipeline, type EventPipelineOptions } from './event-pipeline.ts';
import type { PipelineNotice } from './notice.ts';

const context = { sessionId: 's', runId: 'r' };

function bed(options: Partial<EventPipelineOptions> = {}) {
  const store = flakyStore();
  const time = manualTime();
  const spool = memorySpool();
  const notices: PipelineNotice[] = [];
  const pipeline = new EventPipeline({
    store,
    mint: countingMint(),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    platform: time,
    onNotice: (notice) => notices.push(notice),
    retryMs: 1000,
    ...options,
  });
  const named = () => store.stored.map(({ data }) => data['name'] ?? data['content']);
  return { store, time, spool, notices, pipeline, named };
}

const event = (name: string, id?: string) => ({
  type: 'workspace_diff_computed',
  data: { name },
  ...(id === undefined ? {} : { id }),
});
const piece = (text: string) => ({ type: 'message_streamed', data: { content: text } });

describe('fail', () => {
  it('tells whoever called, and stores nothing of it later', async () => {
    const { pipeline, store, named } = bed();
    store.state = 'away';
    await expect(pipeline.process(event('one'), context)).rejects.toThrow(StoreUnavailableError);
    await expect(pipeline.processBatch([event('two'), event('three')], context)).rejects.toThrow(
      StoreUnavailableError,
    );
    store.state = 'up';
    await pipeline.process(event('four'), context);
    expect(named()).toEqual(['four']);
  });

  it('keeps what was accepted before, and takes on no more until it is stored', async () => {
    const { pipeline, store, named } = bed({ coalescing: {} });
    await pipeline.process(piece('xyz'), context);
    store.state = 'away';
    await expect(pipeline.process(event('one'), context)).rejects.toThrow(StoreUnavailableError);
    await expect(pipeline.process(piece('no'), context)).rejects.toThrow(StoreUnavailableError);
    await expect(pipeline.flush()).rejects.toThrow(StoreUnavailableError);
    store.state = 'up';
    await pipeline.process(event('two'), context);
    expect(named()).toEqual(['xyz', 'two']);
  });

  it('tells of a row that its timer could not store at the next call', async () => {
    const { pipeline, store, time, named } = bed({ coalescing: { maxDelayMs: 10 } });
    store.state = 'away';
    await pipeline.process(piece('xyz'), context);
    await time.advance(10);
    await expect(pipeline.process(piece('no'), context)).rejects.toThrow(StoreUnavailableError);
    store.state = 'up';
    await pipeline.close();
    expect(named()).toEqual(['xyz']);
  });

  it('sends again what the store did not answer for, without storing it twice', async () => {
    const { pipeline, store, named } = bed({ coalescing: {} });
    await pipeline.process(piece('xyz'), context);
    store.state = 'answer-lost';
    await expect(pipeline.flush()).rejects.toThrow(/while it was being stored/);
    store.state = 'up';
    await pipeline.flush();
    expect(named()).toEqual(['xyz']);
  });

  it('tells at close of what could not be stored', async () => {
    const { pipeline, store } = bed({ coalescing: {} });
    await pipeline.process(piece('xyz'), context);
    store.state = 'away';
    await expect(pipeline.close()).rejects.toThrow(StoreUnavailableError);
  });
});

describe('a store that refuses', () => {
  it('a row that was accepted before tells of it at the next flush, and the rest goes on', async () => {
    const { pipeline, store, notices, named } = bed({ coalescing: {} });
    const { id } = await pipeline.process(piece('xyz'), context);
    store.refused.add(id);
    await pipeline.process(event('one'), context);
    expect(named()).toEqual(['one']);
    await expect(pipeline.flush()).rejects.toThrow(ValidationError);
    await pipeline.flush();
    expect(notices.map(({ kind }) => kind)).toEqual(['event_rejected', 'event_persisted']);
  });
});

describe('block', () => {
  it('waits until the store is back, in order', async () => {
    const { pipeline, store, time, named } = bed({ whenAway: 'block' });
    store.state = 'away';
    const all = Promise.all(['one', 'two', 'three'].map((name) => pipeline.process(event(name), context)));
    await settled();
    for (let tries = 0; tries < 3; tries += 1) await time.advance(1000);
    expect(store.stored).toEqual([]);
    store.state = 'up';
    await time.advance(1000);
    expect((await all).map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3]);
    expect(named()).toEqual(['one', 'two', 'three']);
  });

  it('does not wait for ever when it is closed', async () => {
    const { pipeline, store, time } = bed({ whenAway: 'block' });
    store.state = 'away';
    const waiting = pipeline.process(event('one'), context);
    const refused = expect(waiting).rejects.toThrow(StoreUnavailableError);
    await settled();
    await expect(pipeline.close()).rejects.toThrow(StoreUnavailableError);
    await refused;
    expect(time.waiting()).toBe(0);
  });
});

describe('a spool', () => {
  it('keeps events while the store is away and brings them in order when it is back', async () => {
    const { store, spool, time, pipeline, named, notices } = spooling();
    await pipeline.process(event('one'), context);
    store.state = 'away';
    const kept = await pipeline.process(event('two'), context);
    expect(kept).toMatchObject({ sequenceNumber: null, data: { name: 'two' } });
    await pipeline.processBatch([event('three'), event('four')], context);
    expect(spool.isEmpty).toBe(false);
    store.state = 'up';
    await time.advance(1000);
    expect(spool.isEmpty).toBe(true);
    await pipeline.process(event('five'), context);
    expect(named()).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(notices.map(({ kind }) => kind).filter((kind) => kind === 'event_spooled')).toHaveLength(3);
    await pipeline.close();
    expect(time.waiting()).toBe(0);
  });

  it('stands before everything newer, also before its time has come', async () => {
    const { store, pipeline, named } = spooling();
    store.state = 'away';
    await pipeline.process(event('one'), context);
    store.state = 'up';
    expect((await pipeline.process(event('two'), context)).sequenceNumber).toBeNull();
    expect(named()).toEqual([]);
    await pipeline.flush();
    expect(named()).toEqual(['one', 'two']);
  });

  it('that another process left behind is brought in first', async () => {
    const first = spooling();
    first.store.state = 'away';
    await first.pipeline.process(event('one'), context);
    const second = bed({ whenAway: { spool: first.spool } });
    await second.pipeline.process(event('two', 'two'), context);
    expect(second.named()).toEqual(['one', 'two']);
  });

  it('may bring again what arrived already', async () => {
    const { store, spool, time, pipeline, named } = spooling();
    store.state = 'answer-lost';
    await pipeline.process(event('one'), context);
    expect(named()).toEqual(['one']);
    await time.advance(1000);
    store.state = 'up';
    await time.advance(1000);
    expect(spool.isEmpty).toBe(true);
    expect(named()).toEqual(['one']);
  });

  it('puts aside what the store will never take, and goes on', async () => {
    const { store, spool, time, pipeline, named } = spooling();
    store.state = 'away';
    await pipeline.processBatch([event('one'), event('bad', 'bad'), event('two')], context);
    store.refused.add('bad');
    store.state = 'up';
    await time.advance(1000);
    expect(named()).toEqual(['one', 'two']);
    expect(spool.aside.map(({ id }) => id)).toEqual(['bad']);
  });

  it('that fails itself tells whoever called', async () => {
    const { store, spool, pipeline } = spooling();
    store.state = 'away';
    spool.isBroken = true;
    await expect(pipeline.process(event('one'), context)).rejects.toThrow('the spool is broken');
  });

  it('lets a closing pipeline go while the store is still away', async () => {
    const { store, spool, pipeline, time } = spooling();
    store.state = 'away';
    await pipeline.process(event('one'), context);
    await pipeline.close();
    expect(spool.isEmpty).toBe(false);
    expect(time.waiting()).toBe(0);
  });

  function spooling() {
    const spool = memorySpool();
    return { ...bed({ whenAway: { spool } }), spool };
  }
});
