/**
 * Laws of the event pipeline: whatever comes, in whatever pieces, no secret is stored; putting pieces together changes neither text
 * nor order; and a spool loses and repeats nothing, wherever the process dies.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from 'runlog';
import { openMemoryStore } from 'runlog/log';
import { countingMint, EventPipeline, type EventPipelineOptions, type SessionEvent } from 'runlog/sessions';
import { type FileSpool, openFileSpool } from '../../src/adapters/spool/file/index.ts';
import { eventStoreOn, storedTexts } from '../harness/event-store.ts';
import { type FlakyStore, flakyStore } from '../harness/flaky-store.ts';
import { manualTime } from '../harness/manual-time.ts';
import { cutInto, innocentText, plantedSecret, surroundedSecret } from './planted-secrets.ts';

const context = { sessionId: 's', runId: 'r' };

function openPipeline(options: Pick<EventPipelineOptions, 'store'> & Partial<EventPipelineOptions>) {
  const time = manualTime();
  return { time, pipeline: new EventPipeline({ mint: countingMint(), sha256, platform: time, ...options }) };
}

const coalescing = fc.option(fc.record({ maxCharacters: fc.integer({ min: 1, max: 40 }) }), { nil: null });
/** What may stand between two pieces of a message without ending it. */
const passing = fc.constantFrom(
  { type: 'token_usage_updated', data: { input_tokens: 1, output_tokens: 2 } },
  { type: 'error_recovered', data: {} },
);

test('no secret is stored, however a message was cut and whatever came in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      surroundedSecret,
      fc.infiniteStream(fc.nat(12)),
      fc.infiniteStream(fc.option(passing, { nil: null, freq: 4 })),
      fc.record({ coalescing, isBatch: fc.boolean() }),
      async ({ before, planted, after }, sizes, others, mode) => {
        const log = openMemoryStore({ sha256, nowMs: () => 0 });
        const { pipeline } = openPipeline({ store: eventStoreOn(log), coalescing: mode.coalescing });
        const raws: unknown[] = [];
        for (const text of cutInto(`${before} ${planted.text}\n${after}`, sizes)) {
          raws.push({ type: 'message_streamed', data: { content: text, delta: text } });
          const other = others.next();
          if (other.done !== true && other.value !== null) raws.push(other.value);
        }
        if (mode.isBatch) await pipeline.processBatch(raws, context);
        else for (const raw of raws) await pipeline.process(raw, context);
        await pipeline.close();
        const stored = await storedTexts(log);
        expect(stored).not.toContain(planted.secret);
        // What JSON escapes looks different in a stored text.
        expect(streamedText(await eventStoreOn(log).getEvents('s'))).not.toContain(planted.secret);
      },
    ),
    { numRuns: 400 },
  );
});

test('putting pieces together changes neither the text nor its order among other events', async () => {
  const piece = fc.record({
    text: fc.oneof(
      innocentText,
      plantedSecret.map(({ text }) => text.slice(0, 30)),
    ),
    turn: fc.constantFrom('1', '2'),
  });
  const other = fc.constantFrom(
    'tool_call_started',
    'token_usage_updated',
    'message_received',
    'run_completed',
  );
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: piece },
      { weight: 2, arbitrary: other },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
    ),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 50 }), async (given, maxCharacters) => {
      const flat: string[] = [];
      for (const mode of [null, { maxDelayMs: 200, maxCharacters }]) {
        const store = flakyStore();
        const { pipeline, time } = openPipeline({ store, coalescing: mode });
        for (const step of given) {
          if (typeof step === 'number') await time.advance(step);
          else if (typeof step === 'string') await pipeline.process({ type: step, data: {} }, context);
          else {
            const data = { content: step.text, delta: step.text, turn_id: step.turn };
            await pipeline.process({ type: 'message_streamed', data }, context);
          }
        }
        await pipeline.close();
        expect(time.waiting()).toBe(0);
        flat.push(flattened(store.stored));
      }
      expect(flat[1]).toBe(flat[0]);
    }),
    { numRuns: 300 },
  );
});

test('a spool loses and repeats nothing, wherever the process dies', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ count: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 3, arbitrary: fc.constantFrom('up' as const, 'away' as const, 'answer-lost' as const) },
    { weight: 2, arbitrary: fc.constantFrom('crash' as const, 'tick' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const folder = await mkdtemp(join(tmpdir(), 'spool-law-'));
      try {
        await checkSpool(steps, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 40 },
  );
});

type SpoolStep = { readonly count: number } | FlakyStore['state'] | 'crash' | 'tick';

async function checkSpool(steps: readonly SpoolStep[], folder: string): Promise<void> {
  const store = flakyStore();
  const mint = countingMint();
  const accepted: string[] = [];
  const opened: FileSpool[] = [];
  const openNext = async () => {
    const path = join(folder, `${opened.length}.spool`);
    const last = opened.at(-1);
    // A process that dies leaves its file as it is, and closes nothing.
    if (last !== undefined) await copyFile(last.path, path);
    const spool = await openFileSpool(path);
    opened.push(spool);
    return openPipeline({ store, mint, whenAway: { spool }, retryMs: 100 });
  };
  let bed = await openNext();
  for (const step of steps) {
    if (step === 'crash') bed = await openNext();
    else if (step === 'tick') await bed.time.advance(100);
    else if (typeof step === 'string') store.state = step;
    else {
      const raws = Array.from({ length: step.count }, (_, index) => ({
        type: 'workspace_diff_computed',
        id: `${accepted.length + index}`,
        timestamp: '2026-01-01T00:00:00Z',
      }));
      accepted.push(...(await bed.pipeline.processBatch(raws, context)).map(({ id }) => id));
    }
  }
  store.state = 'up';
  await bed.pipeline.flush();
  await bed.pipeline.close();
  for (const spool of opened) await spool.close();
  expect(store.stored.map(({ id }) => id)).toEqual(accepted);
}

function streamedText(events: readonly SessionEvent[]): string {
  return events.map(({ data }) => (typeof data['delta'] === 'string' ? data['delta'] : '')).join('');
}

/** Neighbouring pieces of one message as one text; everything else by its type. */
function flattened(events: readonly SessionEvent[]): string {
  let flat = '';
  let last = '';
  for (const { type, data } of events) {
    const turn = data['turn_id'];
    const text = data['delta'];
    if (type !== 'message_streamed' || typeof turn !== 'string' || typeof text !== 'string') {
      flat += `\n<${type}>`;
      last = '';
    } else if (text !== '') {
      flat += turn === last ? text : `\n${turn}: ${text}`;
      last = turn;
    }
  }
  return flat;
}
