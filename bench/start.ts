// How long does a command take to begin? Beside a bare Node, in turns: what is ours is what is loaded before the answer.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { execPath } from 'node:process';
import { type Line, median } from './harness.ts';

const bin = resolve('bin/runlog.js');
const aim = 1.6;
const questions = [
  { what: 'bare Node', args: ['-e', '0'] },
  { what: 'runlog --version', args: [bin, '--version'], aim },
  { what: 'runlog --help', args: [bin, '--help'], aim },
  { what: 'runlog inspect --help', args: [bin, 'inspect', '--help'] },
] as const;

export async function benchStart(rounds: number): Promise<readonly Line[]> {
  const times = questions.map((): number[] => []);
  for (let round = 0; round < rounds * 5; round += 1) {
    for (const [index, { args }] of questions.entries()) {
      const start = performance.now();
      const { status } = spawnSync(execPath, args, { stdio: 'ignore' });
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}; is it built? ./dev build`);
      times[index]?.push(performance.now() - start);
    }
  }
  const bare = median(times[0] ?? []);
  return questions.map((question, index) => {
    const ms = median(times[index] ?? []);
    const ratio = ms / bare;
    const line = { what: question.what, figure: `${ms.toFixed(1)} ms`, ratio };
    return 'aim' in question
      ? { ...line, aim: `${question.aim} times bare Node`, met: ratio <= question.aim }
      : line;
  });
}
