// How many events of agents a second does the pipeline take in, and what does redaction cost?
// One event is read, frozen, looked over and written as one row: some microseconds, most of it JSON and the hash line. Redaction adds
// one pass of one expression over each text, about 4 ns a character. The stores are real session stores.
// Beside it: the figures of the Elixir original, in memory, on two cores (section 12 of its study). Processor time is what the machine
// would take if nobody else worked on it and the disk took no time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { openEventPipeline, openSessionStore, sha256 } from '../../src/app/index.ts';
import { redactor } from '../../src/base/index.ts';
import { openMemoryStore } from '../../src/log/index.ts';
import type { EventPipeline, EventStore } from '../../src/sessions/index.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timed, timedCpu } from '../harness/measure.ts';
import { pieces, rawTurn } from './agent-turns.ts';

const events = 10_000;
/** An event takes some microseconds only once the compiler has seen a few ten thousand of them. */
const warmUp = 5;
const context = { sessionId: 's', runId: 'r', provider: 'claude', correlationId: 'c' };
const raws = Array.from({ length: events / 10 }, (_, number) => rawTurn(number)).flat();

type Take = (pipeline: EventPipeline) => Promise<void>;

async function oneByOne(pipeline: EventPipeline): Promise<void> {
  for (const raw of raws) await pipeline.process(raw, context);
}

/** As a program that does not wait for each: at most 1,000 are under way. */
async function flowing(pipeline: EventPipeline): Promise<void> {
  for (let start = 0; start < raws.length; start += 1000) {
    await Promise.all(raws.slice(start, start + 1000).map((raw) => pipeline.process(raw, context)));
  }
}

function inBatches(size: number): Take {
  return async (pipeline) => {
    for (let start = 0; start < raws.length; start += size) {
      await pipeline.processBatch(raws.slice(start, start + size), context);
    }
  };
}

interface Question {
  readonly name: string;
  readonly take: Take;
  readonly on: 'memory' | 'sqlite' | 'nothing';
  readonly redacts: boolean;
  readonly coalesces?: boolean;
}

const questions: readonly Question[] = [
  { name: 'no store, batches of 100', take: inBatches(100), on: 'nothing', redacts: false },
  { name: 'no store, batches of 100, redacted', take: inBatches(100), on: 'nothing', redacts: true },
  { name: 'memory, one by one (Elixir 90-116k)', take: oneByOne, on: 'memory', redacts: false },
  { name: 'memory, one by one, redacted (Elixir 19-22k)', take: oneByOne, on: 'memory', redacts: true },
  { name: 'memory, batches of 100 (Elixir 147-178k)', take: inBatches(100), on: 'memory', redacts: false },
  { name: 'memory, batches of 100, redacted', take: inBatches(100), on: 'memory', redacts: true },
  {
    name: 'memory, not waiting, coalesced, redacted',
    take: flowing,
    on: 'memory',
    redacts: true,
    coalesces: true,
  },
  { name: 'SQLite, batches of 100', take: inBatches(100), on: 'sqlite', redacts: false },
  {
    name: 'SQLite, batches of 1,000',
    take: inBatches(1000),
    on: 'sqlite',
    redacts: false,
  },
  { name: 'SQLite, batches of 1,000, redacted', take: inBatches(1000), on: 'sqlite', redacts: true },
  {
    name: 'SQLite, not waiting, coalesced, redacted',
    take: flowing,
    on: 'sqlite',
    redacts: true,
    coalesces: true,
  },
];

const nowhere: EventStore = { appendEvents: async (batch) => batch, getEvents: async () => [] };

function caseOf({ name, take, on, redacts, coalesces = false }: Question, folder: string): Case {
  let opened = 0;
  return {
    name,
    run: async () => {
      opened += 1;
      const path = join(folder, `${name.replaceAll(/\W/g, '')}-${opened}.db`);
      const log =
        on === 'memory'
          ? openMemoryStore({ sha256, nowMs: () => Date.now() })
          : on === 'sqlite'
            ? await openSqliteStore({ path, mode: 'create' })
            : null;
      const store = log === null ? null : await openSessionStore(log);
      // The row of a log is made once, and not what is measured.
      await store?.appendEvents(pieces('s', 1));
      const pipeline = openEventPipeline(store ?? nowhere, {
        redactor: redacts ? redactor() : null,
        coalescing: coalesces ? {} : null,
      });
      const taken = await timedCpu(async () => {
        await take(pipeline);
        await pipeline.close();
      });
      await store?.close();
      return { units: raws.length, ...taken };
    },
  };
}

/** Texts that make a search by expressions slow; the time has to grow as the text does. */
const nasty = ['eyJ', 'password ', 'password="\\', '-----BEGIN PRIVATE KEY-----', 'api_key'];

async function linearity(rounds: number): Promise<readonly Figure[]> {
  const by = redactor();
  const figures: Figure[] = [];
  for (const [index, unit] of nasty.entries()) {
    const [short = '', long = ''] = [200_000, 2_000_000].map((length) => unit.repeat(length / unit.length));
    const found = await interleave(
      [
        { name: 'short', run: async () => ({ units: 1, ms: await timed(() => by.text(short)) }) },
        { name: 'long', run: async () => ({ units: 1, ms: await timed(() => by.text(long)) }) },
      ],
      rounds,
    );
    figures.push(
      figureOf({
        id: `sessions/redact-${index + 1}`,
        what: `redact 2,000,000 characters of ${JSON.stringify(unit)}`,
        unit: 'ms',
        samples: found.of('long').ms,
        ratio: { of: 'a tenth of them', samples: found.ratios('short', 'long') },
      }),
    );
  }
  return figures;
}

/** Rates are of processor time: the clock on the wall would judge what else the machine does. */
export async function benchPipeline(rounds: number): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  try {
    const found = await interleave(
      questions.map((question) => caseOf(question, folder)),
      rounds,
      warmUp,
    );
    const lines = questions.map(({ name }) =>
      figureOf({
        id: `sessions/pipeline-${name.replace(/ \(.*/, '').toLowerCase().replaceAll(/[ ,]+/g, '-')}`,
        what: `pipeline, ${name}, by processor time`,
        unit: 'events/s',
        samples: found.of(name).perCpuSecond,
      }),
    );
    return [...lines, ...(await linearity(rounds))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
