/** Decides what the entry points take from programs without types, so that a mistake is named where it is made. */
import { type Clock, InvalidArgumentType, InvalidRuntimeConfiguration } from '../base/index.ts';

/** Throws `InvalidArgumentType` for what is no text, or an empty one. */
export function checkText(what: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw wrongType({ what, wanted: 'a text that is not empty', value });
}

/** Throws `InvalidArgumentType`. */
export function checkObject(what: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw wrongType({ what, wanted: 'an object', value });
}

/** Throws `InvalidArgumentType`. */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw wrongType({ what, wanted: 'a function', value });
}

/** Throws `InvalidRuntimeConfiguration` for a seed that a resumed run could not be given again. */
export function checkSeed(seed: unknown): void {
  if (seed === undefined || Number.isSafeInteger(seed)) return;
  throw new InvalidRuntimeConfiguration({
    summary: `the seed of a run is ${kindOf(seed)}, not a whole number`,
    whatFailed: `A run was to be opened with ${kindOf(seed)} for a seed.`,
    why: 'The same seed has to give the same numbers again, also after it was written down and read.',
    howToFix: 'Pass a whole number, such as `seed: 7`, or leave it out.',
    context: { option: 'seed' },
  });
}

const clockKinds: readonly unknown[] = ['system', 'frozen', 'logical'] satisfies readonly Clock['kind'][];

/** Throws `InvalidRuntimeConfiguration` for what tells no time. */
export function checkClock(clock: unknown): void {
  if (clock === undefined || isClock(clock)) return;
  throw new InvalidRuntimeConfiguration({
    summary: `the clock of a run is ${kindOf(clock)} that tells no time`,
    whatFailed: `A run was to be opened with ${kindOf(clock)} for a clock.`,
    why: 'Every event has a timestamp; one that is made of nothing could not be read again.',
    howToFix: "Pass `logicalClock('2026-01-01T00:00:00Z')` or `frozenClock(...)`, or leave it out.",
    context: { option: 'clock' },
  });
}

function isClock(clock: unknown): boolean {
  if (typeof clock !== 'object' || clock === null) return false;
  const start: unknown = Reflect.get(clock, 'start');
  const nowMs: unknown = Reflect.get(clock, 'nowMs');
  if (!clockKinds.includes(Reflect.get(clock, 'kind')) || typeof nowMs !== 'function') return false;
  const now: unknown = Reflect.apply(nowMs, clock, [1]);
  // The last moment that a date can hold.
  const isTime = typeof now === 'number' && Math.abs(now) <= 8.64e15;
  return isTime && (start === null || typeof start === 'string');
}

function wrongType(data: { what: string; wanted: string; value: unknown }): Error {
  const { what, wanted, value } = data;
  return new InvalidArgumentType({
    summary: `${what} is ${kindOf(value)}, not ${wanted}`,
    whatFailed: `${what} was given as ${kindOf(value)}.`,
    why: 'What is handed in becomes history or decides over it; what it was meant to be is not guessed.',
    howToFix: `Pass ${wanted}.`,
    context: { argument: what },
  });
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (typeof value === 'number') return `the number ${value}`;
  if (Array.isArray(value)) return 'a list';
  const names: Readonly<Record<string, string>> = { string: 'a text', object: 'an object' };
  return names[typeof value] ?? `a ${typeof value}`;
}

/** Throws `InvalidRuntimeConfiguration` unless it says when the graph of a loaded run is made. */
export function checkGraphOption(graph: unknown): void {
  if (graph === undefined || graph === 'eager' || graph === 'lazy') return;
  const found = typeof graph === 'string' ? `'${graph}'` : kindOf(graph);
  throw new InvalidRuntimeConfiguration({
    summary: `the option graph is neither 'eager' nor 'lazy', but ${found}`,
    whatFailed: `A run was to be opened with ${found} as \`graph\`.`,
    why: 'A word that is not understood would leave open whether the first look at the graph holds up the program.',
    howToFix: "Pass `graph: 'eager'`, `graph: 'lazy'`, or leave it out.",
    context: { option: 'graph' },
  });
}
