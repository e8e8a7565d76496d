/** A run that is stopped at any commit, in any way, and resumed ends with the very log of one that was not stopped. */
import { load, type LogEvent, open, type Runtime, RuntimeClosedError } from 'runlog';
import type { LogStore } from 'runlog/log';
import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../harness/fixed-run.ts';
import { memoryPlace } from '../../harness/memory-store.ts';
import { type Breakdown, stoppingStore } from '../../harness/stopping-store.ts';
import { type Asked, common, drivenRuns } from './driven-runs.ts';

const breakdowns: readonly Breakdown[] = ['before', 'after', 'silent'];
const names = drivenRuns(new Map()).map(({ name }) => name);

function runNamed(name: string, asked: Asked) {
  const found = drivenRuns(asked).find((run) => run.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

interface Ended {
  readonly hash: string;
  readonly events: readonly LogEvent[];
  readonly commits: number;
  readonly asked: Asked;
}

async function undisturbed(name: string): Promise<Ended> {
  const asked: Asked = new Map();
  const { options, drive } = runNamed(name, asked);
  const { store, commits } = stoppingStore(memoryPlace().open(), Number.POSITIVE_INFINITY, 'before');
  const run = await open(store, { ...common, ...options() });
  await drive(run);
  return { hash: (await run.head()).hash, events: await eventsOf(run), commits: commits(), asked };
}

interface Stop {
  /** Which commit since the run was opened. */
  readonly at: number;
  readonly breakdown: Breakdown;
}

interface Resumed {
  readonly hash: string;
  readonly events: readonly LogEvent[];
  readonly asked: Asked;
  /** Questions that had no answer in the log when the run stopped. */
  readonly unanswered: number;
}

/** Drives a run on stores that break, one after the other, and then on a sound one. */
async function stopped(name: string, stops: readonly Stop[]): Promise<Resumed> {
  const asked: Asked = new Map();
  const { options, drive } = runNamed(name, asked);
  const place = memoryPlace();
  let unanswered = 0;
  for (const { at, breakdown } of stops) {
    const breaking = stoppingStore(place.open(), at, breakdown);
    const isNew = place.database.logs.size === 0;
    const run = await (isNew ? open : load)(breaking.store, { ...common, ...options() });
    const driving = drive(run);
    // How often a run commits depends on the time it takes: it may have ended before.
    const hasEnded = await Promise.race([breaking.broken.then(() => false), driving.then(yes, no)]);
    if (hasEnded) await run.close();
    else if (breakdown !== 'silent') await expectClosed(run, driving);
    place.lapse();
    unanswered += unansweredIn(await storedEvents(place.open()));
  }
  const run = await load(place.open(), { ...common, ...options() });
  await drive(run);
  const { hash } = await run.head();
  return { hash, events: await eventsOf(run), asked, unanswered };
}

const yes = (): boolean => true;
const no = (): boolean => false;

async function expectClosed(run: Runtime, driving: Promise<void>): Promise<void> {
  await expect(driving).rejects.toBeInstanceOf(RuntimeClosedError);
  await expect(run.status()).rejects.toBeInstanceOf(RuntimeClosedError);
  await expect(run.emit('late')).rejects.toBeInstanceOf(RuntimeClosedError);
  await run.close();
}

async function storedEvents(store: LogStore): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const page of store.read(common.runId)) {
    for (const { payload, ...event } of page)
      events.push({ ...event, payload: JSON.parse(payload) as LogEvent['payload'] });
  }
  return events;
}

/** Requests in a log that nobody had answered, each of which may be put once more. */
function unansweredIn(events: readonly LogEvent[]): number {
  const answered = new Set(
    events.filter(({ type }) => type.endsWith('.responded')).map(({ causedBy }) => causedBy),
  );
  return events.filter(({ id, type }) => /^(llm|tool)\.requested$/.test(type) && !answered.has(id)).length;
}

function total(asked: Asked): number {
  return [...asked.values()].reduce((sum, times) => sum + times, 0);
}

/** An invocation after an idle event is of an event after it, or was put off before it. */
function workAfterIdle(events: readonly LogEvent[]): readonly LogEvent[] {
  const idle = events.findLast(({ type }) => type === 'runtime.idle')?.seq ?? 0;
  const seqOf = new Map(events.map(({ id, seq }) => [id, seq]));
  const putOff = new Set(
    events.filter(({ type }) => type === 'behavior.scheduled').map(({ payload }) => payload['event_id']),
  );
  return events.filter(({ type, seq, payload }) => {
    if (!type.endsWith('behavior.started') || seq < idle) return false;
    const trigger = payload['event_id'];
    return typeof trigger === 'string' && (seqOf.get(trigger) ?? 0) < idle && !putOff.has(trigger);
  });
}

function expectSame(resumed: Resumed, whole: Ended, at: string): void {
  const told = (events: readonly LogEvent[]): string[] => events.map(({ id, type }) => `${id} ${type}`);
  expect(told(resumed.events), at).toEqual(told(whole.events));
  expect(resumed.hash, at).toBe(whole.hash);
  expect(total(resumed.asked), at).toBeLessThanOrEqual(total(whole.asked) + resumed.unanswered);
  expect(workAfterIdle(resumed.events), at).toEqual([]);
}

describe.each(names)('a run with %s', (name) => {
  it.each(breakdowns)('goes on to the same end after a stop at any commit (%s)', async (breakdown) => {
    const whole = await undisturbed(name);
    for (let at = 1; at <= whole.commits; at += 1) {
      expectSame(
        await stopped(name, [{ at, breakdown }]),
        whole,
        `stopped at commit ${at} of ${whole.commits}`,
      );
    }
  });

  it('goes on to the same end after three stops in a row, wherever the first one was', async () => {
    const whole = await undisturbed(name);
    for (let at = 1; at <= whole.commits; at += 1) {
      const stops: readonly Stop[] = [
        { at, breakdown: 'silent' },
        { at: 1, breakdown: 'after' },
        { at: 2, breakdown: 'before' },
      ];
      expectSame(await stopped(name, stops), whole, `stopped first at commit ${at} of ${whole.commits}`);
    }
  });

  it('ends with something said, and something done', async () => {
    const { events, commits } = await undisturbed(name);
    expect(events.at(-1)?.type).toMatch(/^runtime\.(idle|budget_exhausted)$/);
    expect(events.filter(({ type }) => type.endsWith('behavior.started')).length).toBeGreaterThan(1);
    expect(commits).toBeGreaterThan(0);
  });
});
