// How things are measured here: the cases of a question take turns, round after round, so that whatever the machine does
// meanwhile hits all of them; the first rounds warm up and do not count.
import { performance } from 'node:perf_hooks';
import { ratiosOf } from './statistics.ts';

/** One way of doing the work. Returns how many units it did; the time of the whole call counts unless it says otherwise. */
export interface Case {
  readonly name: string;
  readonly run: () => Promise<Measured>;
}

export interface Measured {
  readonly units: number;
  /** Milliseconds of the part that counts. */
  readonly ms: number;
  /** Milliseconds of processor time in it, for work whose figure another process must not spoil. */
  readonly cpuMs?: number;
}

export interface Rounds {
  /** Units a second, one of each round. */
  readonly perSecond: readonly number[];
  /** Milliseconds, one of each round. */
  readonly ms: readonly number[];
  /** Units a second of processor time, one of each round that measured it. */
  readonly perCpuSecond: readonly number[];
}

export interface Interleaved {
  of(name: string): Rounds;
  /** Rate of the first beside the second, one of each round. */
  ratios(name: string, beside: string): readonly number[];
}

interface RoundsSoFar {
  readonly perSecond: number[];
  readonly ms: number[];
  readonly perCpuSecond: number[];
}

/** Whoever comes second finds caches and disk as the first has left them: every other round goes backwards. */
export async function interleave(cases: readonly Case[], rounds: number, warmUp = 1): Promise<Interleaved> {
  const measured = new Map<string, RoundsSoFar>(
    cases.map(({ name }) => [name, { perSecond: [], ms: [], perCpuSecond: [] }]),
  );
  for (let round = 0; round < rounds + warmUp; round += 1) {
    for (const { name, run } of round % 2 === 0 ? cases : cases.toReversed()) {
      const { units, ms, cpuMs } = await run();
      if (round < warmUp) continue;
      const kept = measured.get(name);
      kept?.perSecond.push((units / ms) * 1000);
      kept?.ms.push(ms);
      if (cpuMs !== undefined) kept?.perCpuSecond.push((units / cpuMs) * 1000);
    }
  }
  const of = (name: string): Rounds => {
    const kept = measured.get(name);
    if (kept === undefined) throw new Error(`there is no case ${name}`);
    return kept;
  };
  return { of, ratios: (name, beside) => ratiosOf(of(name).perSecond, of(beside).perSecond) };
}

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The time on the wall, and that of the processor. */
export async function timedCpu(work: () => unknown): Promise<Required<Omit<Measured, 'units'>>> {
  const before = process.cpuUsage();
  const ms = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1000 };
}
