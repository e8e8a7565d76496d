/**
 * Decides that every run that a test makes is verified against its log, when it is closed or else when the test has ended:
 * whatever the test was about, the behaviors that made the run make it again.
 */
import { expect } from 'vitest';
import type { LoadOptions, LogStore, verifyRun } from '../../src/app/index.ts';

/** Where a run is: a store that is open, or where one can be opened. */
export type Place = string | URL | LogStore;

interface Witnessed {
  readonly place: Place;
  readonly runId: string;
  /** What the run was driven with, opening by opening. */
  readonly drives: LoadOptions[];
  isVerified: boolean;
}

/** By place and run. */
let runs = new Map<string, Witnessed>();
let failures: string[] = [];

let verify: typeof verifyRun | null = null;

/** Said by whoever makes runs and so has the sources: a test without runs need not load them, and none loads them while a run is closed. */
export function verifiedWith(made: typeof verifyRun): void {
  verify = made;
}

/** A run that was made here. `inherited`: the run that it is a fork of. */
export function witnessed(place: Place, runId: string, options: LoadOptions, inherited?: string): void {
  const before = inherited === undefined ? [] : (runs.get(keyOf(place, inherited))?.drives ?? []);
  runs.set(keyOf(place, runId), { place, runId, drives: [...before, options], isVerified: false });
}

/** A run that was made here stays verified, with what it is loaded with as well. */
export function alsoDriven(place: Place, runId: string, options: LoadOptions): void {
  const known = runs.get(keyOf(place, runId));
  if (known === undefined) return;
  known.drives.push(options);
  known.isVerified = false;
}

export function isWitnessed(place: Place, runId: string): boolean {
  return runs.has(keyOf(place, runId));
}

/** Verifies a run that was made here, as it is now. */
export async function verifyWitnessed(place: Place, runId: string): Promise<void> {
  const known = runs.get(keyOf(place, runId));
  if (known === undefined || known.isVerified) return;
  known.isVerified = true;
  const options = together(known.drives);
  if (options === null) return;
  try {
    if (verify === null) throw new Error('a run was made, and nobody said how runs are verified');
    const { divergence } = await verify(known.place, { ...options, runId });
    if (divergence !== null) failures.push(`${runId}: ${JSON.stringify(divergence, null, 2)}`);
  } catch (error) {
    failures.push(`${runId}: ${String(error)}`);
  }
}

function keyOf(place: Place, runId: string): string {
  const at = typeof place === 'string' || place instanceof URL ? String(place) : place.storeId;
  return `${at}\n${runId}`;
}

/** All that drove the run, and the forms that its last program knew; `null` when two things of one name did, which no program can give at once. */
function together(drives: readonly LoadOptions[]): LoadOptions | null {
  const merged = Object.assign({}, ...drives) as LoadOptions;
  const behaviors = [...new Set(drives.flatMap((drive) => drive.behaviors ?? []))];
  const tools = [...new Set(drives.flatMap((drive) => drive.tools ?? []))];
  const names = new Set(behaviors.map(({ name }) => name));
  const upcasts = drives.at(-1)?.upcasts ?? [];
  return names.size === behaviors.length ? { ...merged, behaviors, tools, upcasts } : null;
}

/** Verifies what is not yet verified, and forgets all of it. Throws when a run was not made again. */
export async function settleWitnessed(): Promise<void> {
  for (const { place, runId } of runs.values()) await verifyWitnessed(place, runId);
  const found = failures;
  runs = new Map();
  failures = [];
  expect(found, 'a run is not made again by its behaviors').toEqual([]);
}
