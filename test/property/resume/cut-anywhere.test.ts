/** A run that begins with any part of another run's log, cut where no change is torn apart, ends with the very same log. */
import { InvalidRuntimeConfiguration, load, type LogEvent, open } from 'runlog';
import type { LogStore } from 'runlog/log';
import { forkRun } from 'runlog/runtime';
import { describe, expect, it } from 'vitest';
import { eventsOf, moment } from '../../harness/fixed-run.ts';
import { memoryPlace } from '../../harness/memory-store.ts';
import { type Asked, common, type DrivenRun, drivenRuns } from './driven-runs.ts';

const names = drivenRuns(new Map()).map(({ name }) => name);

function runNamed(name: string, asked: Asked): DrivenRun {
  const found = drivenRuns(asked).find((run) => run.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

interface Whole {
  readonly store: LogStore;
  readonly hash: string;
  readonly events: readonly LogEvent[];
}

async function whole(name: string): Promise<Whole> {
  const { options, drive } = runNamed(name, new Map());
  const store = memoryPlace().open();
  const run = await open(store, { ...common, ...options() });
  await drive(run);
  return { store, hash: (await run.head()).hash, events: await eventsOf(run) };
}

/** Makes a log of its own that begins like the run; false where the cut would tear changes apart. */
async function cut(store: LogStore, atEvent: LogEvent, runId: string): Promise<boolean> {
  try {
    await forkRun(store, {
      parent: common.runId,
      atEvent: atEvent.id,
      runId,
      label: null,
      createdAt: moment,
    });
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRuntimeConfiguration);
    return false;
  }
  // Nothing of the run that it was cut from is to be known.
  await store.detach(runId);
  return true;
}

function tornTypes(events: readonly LogEvent[], torn: readonly LogEvent[]): readonly string[] {
  const next = (event: LogEvent): string => events[event.seq]?.type ?? 'nothing';
  return [...new Set(torn.map((event) => `${event.type} before ${next(event)}`))];
}

describe.each(names)('a run with %s', (name) => {
  it('is gone on with from every event, and asks no answered question again', async () => {
    const { store, hash, events } = await whole(name);
    const torn: LogEvent[] = [];
    for (const event of events) {
      const runId = `cut_${event.seq}`;
      if (!(await cut(store, event, runId))) {
        torn.push(event);
        continue;
      }
      const asked: Asked = new Map();
      const { options, drive } = runNamed(name, asked);
      const run = await load(store, { ...common, ...options(), runId });
      await drive(run);
      const types = (await eventsOf(run)).map(({ id, type }) => `${id} ${type}`);
      expect(types, `cut at ${event.id} ${event.type}`).toEqual(
        events.map(({ id, type }) => `${id} ${type}`),
      );
      expect((await run.head()).hash, `cut at ${event.id} ${event.type}`).toBe(hash);
      const open = events.slice(event.seq).filter(({ type }) => type.endsWith('.responded')).length;
      expect(
        [...asked.values()].reduce((sum, times) => sum + times, 0),
        `cut at ${event.id}`,
      ).toBe(open);
      await run.close();
    }
    for (const what of tornTypes(events, torn)) {
      expect(what, 'only changes are held together').not.toMatch(
        /^(goal|behavior|relation_behavior|runtime|llm|tool)\./,
      );
    }
  });
});
