// How long does it take to have a run back? Parsing the payloads alone takes about two microseconds an event; opening the run should
// not cost more than that, and its whole graph not more than twice that.
import { load, nodePlatform, openStore, sha256 } from '../../src/app/index.ts';
import { ChainCheck, type LogStore } from '../../src/log/index.ts';
import { loadState } from '../../src/runtime/index.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, type Interleaved, timed } from '../harness/measure.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { forks } from './forks.ts';
import { largeRun } from './large-run.ts';
import { fillNotes } from './notes.ts';
import { segments } from './segments.ts';

const events = 100_000;
const logId = 'run';

export async function benchLoad(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async (scratch) => [
    ...(await opening(rounds, scratch)),
    ...(await segments(rounds, scratch)),
    ...(await forks(scratch)),
    ...(await largeRun(rounds, scratch)),
  ]);
}

async function opening(rounds: number, { newUrl }: Scratch): Promise<readonly Figure[]> {
  const store = await openStore(newUrl());
  try {
    const payloads = await fillNotes(store, { logId, events, everyNth: 1 });
    const cases = [
      caseOf('parse', () => parseAll(payloads)),
      openCase('open', store, false),
      openCase('graph', store, true),
      caseOf('project', async () =>
        (await loadState(store, logId, { wantsGraph: nodePlatform })).tables.ready(),
      ),
      caseOf('verify', async () =>
        (await loadState(store, logId, { verifyWith: sha256, wantsGraph: nodePlatform })).tables.ready(),
      ),
      caseOf('hashes', () => verifyHashes(store)),
    ];
    return openingFigures(await interleave(cases, rounds));
  } finally {
    await store.close();
  }
}

function openingFigures(found: Interleaved): readonly Figure[] {
  const line = (name: string, id: string, what: string, beside: string | null, of = ''): Figure =>
    figureOf({
      id: `load/${id}`,
      what,
      unit: 'events/s',
      samples: found.of(name).perSecond,
      ...(beside === null ? {} : { ratio: { of, samples: found.ratios(name, beside) } }),
    });
  const parse = 'JSON.parse of the payloads';
  return [
    line('parse', 'parse', `${parse}, 100,000 of 298 bytes`, null),
    line('open', 'open', 'open a run of 100,000 events, no object touched', 'parse', parse),
    line('graph', 'graph', 'open it and read its whole graph', 'parse', parse),
    line('project', 'project', 'its log read and projected, no owner taken', 'parse', parse),
    line('verify', 'verify', 'the same with every hash verified', 'project', 'the same without'),
    line('hashes', 'hashes', 'every hash of the log verified, nothing parsed', 'project', 'projecting it'),
  ];
}

function caseOf(name: string, work: () => unknown): Case {
  return { name, run: async () => ({ units: events, ms: await timed(work) }) };
}

/** As a program does it. Closing is not part of it. */
function openCase(name: string, store: LogStore, touches: boolean): Case {
  return {
    name,
    run: async () => {
      const start = performance.now();
      const run = await load(store, { runId: logId, snapshots: false });
      const found = touches ? run.graph.objects().length : events;
      const ms = performance.now() - start;
      await run.close();
      if (found !== events) throw new Error(`${found} objects of ${events}`);
      return { units: events, ms };
    },
  };
}

async function verifyHashes(store: LogStore): Promise<void> {
  const check = new ChainCheck(logId, sha256);
  for await (const page of store.read(logId, { hashes: true })) for (const stored of page) check.next(stored);
  check.end(await store.head(logId));
}

function parseAll(payloads: readonly string[]): number {
  let parsed = 0;
  for (const payload of payloads) {
    const value: unknown = JSON.parse(payload);
    if (value !== null) parsed += 1;
  }
  return parsed;
}
