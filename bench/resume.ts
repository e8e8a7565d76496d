// How long does it take to go on with a run of a million events and 100,000 live objects, and how much memory? From a snapshot
// with a thousand events behind it nine tenths of the work is reading and hashing some 60 MB of text; without one, it is a
// million times reading a row and parsing it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { load, openStore } from '../src/app/index.ts';
import { type Line, median, timed } from './harness.ts';
import { appendLongRun, longRunId } from './long-run.ts';

const events = 1_000_000;
const tail = 1_000;
const once = fileURLToPath(new URL('resume-once.ts', import.meta.url));
const run = promisify(execFile);

export async function benchResume(rounds: number): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  const url = `sqlite:////${join(folder, 'resume.db').slice(1)}`;
  try {
    const writeMs = await fill(url);
    const quick: Resume[] = [];
    const slow: Resume[] = [];
    for (let round = 0; round < rounds; round += 1) {
      quick.push(await resume(url, 'snapshot'));
      slow.push(await resume(url, 'log'));
    }
    return [
      line('resume of 1,000,000 events, from a snapshot and 1,000 events', quick, 'ms', 300),
      line('  peak memory', quick, 'peakMb', 400),
      line('  processor time', quick, 'cpuMs'),
      line('  first walk along relations', quick, 'firstReadMs'),
      line('resume of 1,000,000 events, from the log alone', slow, 'ms'),
      line('  peak memory', slow, 'peakMb', 600),
      { what: 'closing such a run with a snapshot of 400,000 elements', figure: `${Math.round(writeMs)} ms` },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that it took to write the snapshot. */
async function fill(url: string): Promise<number> {
  const store = await openStore(url);
  try {
    await store.create({ id: longRunId, kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
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

type Measure = 'ms' | 'cpuMs' | 'firstReadMs' | 'peakMb';
type Resume = Readonly<Record<Measure, number>>;

async function resume(url: string, how: 'snapshot' | 'log'): Promise<Resume> {
  const { stdout } = await run(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    once,
    url,
    longRunId,
    how,
  ]);
  const found: unknown = JSON.parse(stdout);
  const numbers = new Map(Object.entries(typeof found === 'object' && found !== null ? found : {}));
  if (numbers.get('seq') !== events) throw new Error(`the run was not resumed whole: ${stdout}`);
  const of = (name: Measure): number => Number(numbers.get(name));
  return { ms: of('ms'), cpuMs: of('cpuMs'), firstReadMs: of('firstReadMs'), peakMb: of('peakMb') };
}

function line(what: string, measured: readonly Resume[], measure: Measure, aim?: number): Line {
  const unit = measure === 'peakMb' ? 'MB' : 'ms';
  const middle = median(measured.map((each) => each[measure]));
  const figure = `${Math.round(middle)} ${unit}`;
  return aim === undefined ? { what, figure } : { what, figure, aim: `${aim} ${unit}`, met: middle < aim };
}
