/** Decides how tests open runs: in memory, at one fixed moment and under one fixed id, unless a test says otherwise. */
import {
  frozenClock,
  load,
  type LoadOptions,
  type LogEvent,
  open,
  type OpenOptions,
  type Runtime,
} from 'runlog';
import type { LogStore } from 'runlog/log';
import { open as openUnwatched } from '../../src/app/index.ts';
import { memoryPlace } from './memory-store.ts';

export const moment = '2026-05-15T10:32:01Z';
export const runId = 'run_x';

const fixed: OpenOptions = { runId, clock: frozenClock(moment) };

export type RunOptions = Omit<OpenOptions, 'store' | 'persistTo'>;

/**
 * The one way to a run that is not verified: its behaviors keep something between two calls, or are given what the options do
 * not say, or its store is damaged or closed before the test ends.
 */
export async function openUnrepeatable(
  options: RunOptions = {},
  store: LogStore = memoryPlace().open(),
): Promise<Runtime> {
  return openUnwatched(store, { ...fixed, ...options });
}

export async function openFixed(
  options: RunOptions = {},
  store: LogStore = memoryPlace().open(),
): Promise<Runtime> {
  return open(store, { ...fixed, ...options });
}

export async function loadFixed(store: LogStore, options: LoadOptions = {}): Promise<Runtime> {
  return load(store, { ...fixed, ...options });
}

/** The durable events of a run, in order. */
export async function eventsOf(run: Runtime): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

export async function typesOf(run: Runtime): Promise<string[]> {
  return (await eventsOf(run)).map(({ type }) => type);
}

/** The only event of a type. Throws when there is none, or more than one. */
export async function theEvent(run: Runtime, type: string): Promise<LogEvent> {
  const [found, ...more] = (await eventsOf(run)).filter((event) => event.type === type);
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found === undefined ? 0 : 1)} events of type ${type}`);
  return found;
}
