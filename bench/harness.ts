// How things are measured here: the cases of a question take turns, round after round, so that whatever the machine does
// meanwhile hits all of them; the first round warms up and does not count; what is reported is the median.
import { performance } from 'node:perf_hooks';

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

export interface Result {
  readonly name: string;
  /** Median over the rounds. */
  readonly perSecond: number;
  readonly rounds: readonly number[];
  /** Median of units in a second of processor time; not a number where that was not measured. */
  readonly perCpuSecond: number;
}

export async function interleave(cases: readonly Case[], rounds = 5): Promise<ReadonlyMap<string, Result>> {
  const rates = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  const cpuRates = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of cases) {
      globalThis.gc?.();
      const { units, ms, cpuMs } = await run();
      if (round === 0) continue;
      rates.get(name)?.push((units / ms) * 1000);
      if (cpuMs !== undefined) cpuRates.get(name)?.push((units / cpuMs) * 1000);
    }
  }
  return new Map(
    [...rates].map(([name, measured]) => {
      const perCpuSecond = median(cpuRates.get(name) ?? []);
      return [name, { name, perSecond: median(measured), rounds: measured, perCpuSecond }];
    }),
  );
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

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** One line of the report. `aim` is what the design asks for, as text; `met` is left out where there is none. */
export interface Line {
  readonly what: string;
  readonly figure: string;
  readonly ratio?: number;
  readonly aim?: string;
  readonly met?: boolean;
}

export function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en-US')}/s`;
}

export function printTable(lines: readonly Line[]): void {
  const width = Math.max(...lines.map(({ what }) => what.length));
  for (const { what, figure, ratio, aim, met } of lines) {
    const parts = [what.padEnd(width), figure.padStart(16), ratio === undefined ? '' : ratio.toFixed(2)];
    const verdict =
      aim === undefined ? '' : `aim ${aim}${met === undefined ? '' : met ? ', met' : ', MISSED'}`;
    process.stdout.write(`${parts[0]}  ${parts[1]}  ${(parts[2] ?? '').padStart(6)}  ${verdict}\n`);
  }
}
