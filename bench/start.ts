// How long does a command take to answer? Beside a bare Node, in turns: what is ours is what is loaded before the answer, and for a run
// of 100,000 events what is read of it.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { execPath } from 'node:process';
import { load, openStore } from '../src/app/index.ts';
import { type Figure, figureOf } from './harness/figure.ts';
import { interleave } from './harness/measure.ts';
import { appendLongRun, longRunId } from './resume/long-run.ts';
import { createdAt } from './claim-rows.ts';
import { withScratch } from './scratch.ts';

const bin = resolve('bin/runlog.js');
const bare = 'bare Node';
const events = 100_000;

export async function benchStart(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async ({ newUrl }) => {
    const url = newUrl();
    const bareUrl = newUrl();
    await fill(url);
    await fill(bareUrl);
    await closeOnce(url);
    const questions: readonly (readonly [id: string, what: string, args: readonly string[]])[] = [
      ['bare', bare, ['-e', '0']],
      ['version', 'runlog --version', [bin, '--version']],
      ['help', 'runlog --help', [bin, '--help']],
      ['inspect-help', 'runlog inspect --help', [bin, 'inspect', '--help']],
      ['alone', 'runlog', [bin]],
      ['mistyped', 'runlog inspct', [bin, 'inspct']],
      ['inspect', 'runlog inspect of a run of 100,000 events', [bin, 'inspect', url]],
      ['inspect-log', 'the same without a snapshot', [bin, 'inspect', bareUrl]],
    ];
    const found = await interleave(
      questions.map(([, name, args]) => ({ name, run: async () => ({ units: 1, ms: answer(args) }) })),
      rounds * 5,
    );
    return questions.map(([id, what]) =>
      figureOf({
        id: `start/${id}`,
        what,
        unit: 'ms',
        samples: found.of(what).ms,
        ...(what === bare ? {} : { ratio: { of: bare, samples: found.ratios(bare, what) } }),
      }),
    );
  });
}

function answer(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const ms = performance.now() - start;
  // Without a command, and with one that is not known, it ends with 2.
  if (status !== 0 && status !== 2)
    throw new Error(`${args.join(' ')} ended with ${status}; is it built? ./dev build\n${stderr}`);
  return ms;
}

/** A program that had the run open has left a snapshot. */
async function closeOnce(url: string): Promise<void> {
  const run = await load(url, { runId: longRunId });
  await run.close();
}

async function fill(url: string): Promise<void> {
  const store = await openStore(url);
  await store.create({ id: longRunId, kind: 'run', label: null, createdAt });
  await appendLongRun(store, { from: 0, to: events, epoch: null });
  await store.close();
}
