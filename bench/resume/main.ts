// How long does it take to go on with a run of a million events and 100,000 live objects, and how much memory? From a snapshot
// with a thousand events behind it nine tenths of the work is reading and hashing some 60 MB of text; without one, it is a
// million times reading a row and parsing it.
import { load, openStore } from '../../src/app/index.ts';
import { createdAt } from '../claim-rows.ts';
import { type Figure, figureOf, type Unit } from '../harness/figure.ts';
import { timed } from '../harness/measure.ts';
import { runProgram } from '../harness/run-program.ts';
import { withScratch } from '../scratch.ts';
import { appendLongRun, longRunId } from './long-run.ts';

const events = 1_000_000;
const tail = 1_000;
const once = new URL('resume-once.ts', import.meta.url);

export async function benchResume(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async ({ newUrl }) => {
    const url = newUrl();
    const writeMs = await fill(url);
    const quick: Resume[] = [];
    const slow: Resume[] = [];
    for (let round = 0; round < rounds; round += 1) {
      quick.push(await resume(url, 'snapshot'));
      slow.push(await resume(url, 'log'));
    }
    const what = 'resume of 1,000,000 events, from';
    const fromSnapshot = `${what} a snapshot and 1,000 events`;
    return [
      line('snapshot', fromSnapshot, quick, 'ms'),
      line('snapshot-memory', `${fromSnapshot}: peak memory`, quick, 'peakMb'),
      line('snapshot-cpu', `${fromSnapshot}: processor time`, quick, 'cpuMs'),
      line('first-walk', 'the first walk along relations after it', quick, 'firstReadMs'),
      line('log', `${what} the log alone`, slow, 'ms'),
      line('log-memory', `${what} the log alone: peak memory`, slow, 'peakMb'),
      line(
        'log-first-walk',
        'the first walk along relations after it, which makes the graph',
        slow,
        'firstReadMs',
      ),
      line('log-walk-memory', 'peak memory with the graph', slow, 'readMb'),
      figureOf({
        id: 'resume/close',
        what: 'closing such a run with a snapshot of 400,000 elements',
        unit: 'ms',
        samples: [writeMs],
      }),
    ];
  });
}

/** Milliseconds that it took to write the snapshot. */
async function fill(url: string): Promise<number> {
  const store = await openStore(url);
  try {
    await store.create({ id: longRunId, kind: 'run', label: null, createdAt });
    await appendLongRun(store, { from: 0, to: events - tail, epoch: null });
    const opened = await load(store, { runId: longRunId });
    const writeMs = await timed(() => opened.close());
    const { epoch } = await store.acquire(longRunId);
    await appendLongRun(store, { from: events - tail, to: events, epoch });
    return writeMs;
  } finally {
    await store.close();
  }
}

const measures = ['seq', 'ms', 'cpuMs', 'firstReadMs', 'peakMb', 'readMb'] as const;
type Resume = Readonly<Record<(typeof measures)[number], number>>;

async function resume(url: string, how: 'snapshot' | 'log'): Promise<Resume> {
  const found = await runProgram(once, [url, longRunId, how], measures);
  if (found.seq !== events) throw new Error(`the run was not resumed whole: ${found.seq}`);
  return found;
}

function line(id: string, what: string, measured: readonly Resume[], measure: keyof Resume): Figure {
  const unit: Unit = measure === 'peakMb' || measure === 'readMb' ? 'MB' : 'ms';
  return figureOf({ id: `resume/${id}`, what, unit, samples: measured.map((each) => each[measure]) });
}
