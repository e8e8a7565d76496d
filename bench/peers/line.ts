// How the lines of peers are made: ours and theirs side by side, each with what it keeps when the power fails, theirs beside ours.
import { type Figure, figureOf, missingFigure, type Unit } from '../harness/figure.ts';
import type { Interleaved } from '../harness/measure.ts';

export interface Contender {
  /** As it is called in the case, such as `LangGraph.js, SQLite, sync`. */
  readonly name: string;
  readonly durability: string;
  /** Who does the same with the same durability in the same place; nobody where ours is told by itself. */
  readonly beside?: string;
  /** Why it cannot be measured. */
  readonly missing?: string;
}

export const ours = {
  name: 'runlog, SQLite',
  durability: 'WAL, synchronous=FULL: survives the loss of power',
};
export const oursRelaxed = {
  name: 'runlog, SQLite, durability=normal',
  durability: 'WAL, synchronous=NORMAL: survives kill -9, not the loss of power',
};
export const oursOnServer = {
  name: 'runlog, PostgreSQL',
  durability: 'fsync=on, synchronous_commit=on: survives the loss of power',
};
export const oursInMemory = { name: 'runlog, memory', durability: 'none: in memory' };

interface Task {
  /** Of the benchmark and the task: `langgraph/steps`. */
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
}

/** One line for each contender, in their order. */
export function peerLines(
  { id, what, unit }: Task,
  contenders: readonly Contender[],
  samplesOf: (name: string) => readonly number[],
): readonly Figure[] {
  return contenders.map(({ name, durability, beside, missing }) => {
    const line = {
      id: `${id}/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
      what: `${what}: ${name}`,
      unit,
      peer: { name, durability },
    };
    if (missing !== undefined) return missingFigure(line, missing);
    const samples = samplesOf(name);
    if (beside === undefined) return figureOf({ ...line, samples });
    const ourSamples = samplesOf(beside);
    const ratio = samples.map((sample, index) => sample / (ourSamples[index] ?? Number.NaN));
    return figureOf({ ...line, samples, ratio: { of: beside, samples: ratio } });
  });
}

export function rates(found: Interleaved): (name: string) => readonly number[] {
  return (name) => found.of(name).perSecond;
}

export function times(found: Interleaved): (name: string) => readonly number[] {
  return (name) => found.of(name).ms;
}
