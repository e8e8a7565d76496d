// Decides how the tests of the Diligence pack run it: as a program would, from the public doors, with nothing left to chance.
import { logicalClock, open, type OpenOptions, type Runtime } from 'runlog';
import { companies, companyGoal, diligence, diligenceInvoker, diligenceModel } from 'runlog/packs/diligence';
import type { LogEvent } from 'runlog/log';
import { memoryPlace } from '../../harness/memory-store.ts';
import { witnessed } from '../../harness/verified-runs.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** Everything but a place, as `open` and `load` take it. */
export function offline(settings: Settings = {}, over: OpenOptions = {}): OpenOptions {
  return {
    packs: [{ pack: diligence, settings }],
    model: diligenceModel(),
    invoker: diligenceInvoker(),
    clock: logicalClock('2026-01-01T00:00:00Z'),
    runId: 'quickstart',
    ...over,
  };
}

/** The run is verified against its log when the test has ended. */
export async function openDiligence(settings: Settings = {}, over: OpenOptions = {}): Promise<Runtime> {
  const store = memoryPlace().open();
  const options = offline(settings, over);
  const run = await open(store, options);
  witnessed(store, run.runId, options);
  return run;
}

export async function runAll(runtime: Runtime): Promise<Runtime> {
  for (const company of companies) await runtime.runGoal(companyGoal(company));
  return runtime;
}

export const goals = Object.fromEntries(companies.map((company) => [company.key, companyGoal(company)]));

export async function eventsOf(runtime: Runtime, ...types: readonly string[]): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of runtime.events())
    if (types.length === 0 || types.includes(event.type)) events.push(event);
  return events;
}

export function countByType(
  elements: readonly { readonly type: string }[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of elements) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** A text out of an event or object; empty for what is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
