import { expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { InvalidRuntimeConfiguration } from '../../../base/index.ts';
import { type LogStore, MemoryDatabase, openMemoryStore } from '../../../log/index.ts';
import type { StoreMaker } from '../store-case.ts';
import type { KitPlatform } from '../../run-cases.ts';
import { runStoreCases } from './run-store-cases.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const platform: KitPlatform = {
  sha256,
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }),
  newCanceller: () => new AbortController(),
  newRunId: () => 'run',
};

function maker(twist: (store: LogStore) => Partial<LogStore> = () => ({})): StoreMaker {
  return {
    name: 'mine',
    async make() {
      let database = new MemoryDatabase();
      const open = async (): Promise<LogStore> => {
        const store = openMemoryStore({ sha256, nowMs: () => 0, database });
        return Object.assign(store, twist(store));
      };
      return {
        leaseMs: 30_000,
        open,
        otherHandle: open,
        reopen: async () => {
          database = new MemoryDatabase();
          return open();
        },
        passTime: async () => undefined,
        destroy: async () => undefined,
      };
    },
  };
}

it('reports cases of groups and cases by name, in the order of the kit', async () => {
  const heard: string[] = [];
  const report = await runStoreCases(maker(), {
    platform,
    groups: ['close'],
    cases: ['open/store-id', 'reopen/goes-on'],
    onResult: ({ id }) => heard.push(id),
  });
  expect(heard[0]).toBe('open/store-id');
  expect(report.results.map(({ id }) => id)).toEqual(heard);
  expect(report.groups).toEqual([
    { group: 'open', promises: 1, refusals: 0, passed: 1, failed: 0 },
    { group: 'close', promises: 5, refusals: 0, passed: 5, failed: 0 },
    { group: 'reopen', promises: 0, refusals: 1, passed: 1, failed: 0 },
  ]);
  expect(report).toMatchObject({ store: 'mine', seed: 1, passed: 7, failed: 0 });
});

it('refuses a group or a case that there is not, with those that there are', async () => {
  const asked = runStoreCases(maker(), { platform, cases: ['open/up'] });
  await expect(asked).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
  await expect(asked).rejects.toThrow('open/store-id');
  await expect(runStoreCases(maker(), { platform, groups: ['tales'] })).rejects.toThrow('twin');
});

it('names the seed and the fewest commands of a failure that was found by chance', async () => {
  const forgetful = (store: LogStore): Partial<LogStore> => {
    const commit = store.commit.bind(store);
    return {
      commit: async (parts, records = []) =>
        commit(
          parts,
          records.filter(({ value }) => value !== null),
        ),
    };
  };
  const report = await runStoreCases(maker(forgetful), { platform, cases: ['model/records'], seed: 5 });
  const failure = report.results[0]?.failure ?? '';
  expect(failure).toMatch(/^seed 5, sequence \d+: /);
  const commands: unknown = JSON.parse(/after (\[.*\])$/.exec(failure)?.[1] ?? 'null');
  expect(commands).toHaveLength(2);
});

it('draws the same commands from the same seed, and others from another', async () => {
  const blind = (): Partial<LogStore> => ({ get: async () => undefined });
  const run = async (seed: number): Promise<string | null | undefined> =>
    (await runStoreCases(maker(blind), { platform, cases: ['model/forks'], seed })).results[0]?.failure;
  const first = await run(3);
  expect(await run(3)).toBe(first);
  expect(await run(4)).not.toBe(first);
});

it('gives a case up that does not end in time, and goes on', async () => {
  const hangs = (): Partial<LogStore> => ({ close: () => new Promise(() => undefined) });
  const report = await runStoreCases(maker(hangs), {
    platform,
    cases: ['close/twice', 'open/store-id'],
    timeLimitMs: 50,
  });
  expect(report.results.map(({ id, ok, timedOut }) => [id, ok, timedOut])).toEqual([
    ['open/store-id', true, false],
    ['close/twice', false, true],
  ]);
  expect(report.results[1]?.failure).toContain('within 50 ms');
});

it('reports a place that cannot be made, opened or removed', async () => {
  const trouble = async (): Promise<never> => {
    throw new Error('no room');
  };
  const unmade = await runStoreCases({ name: 'x', make: trouble }, { platform, cases: ['open/store-id'] });
  expect(unmade).toMatchObject({ failed: 1, capabilities: null, results: [{ failure: 'no room' }] });
  const good = maker();
  const sticky: StoreMaker = { name: 'x', make: async () => ({ ...(await good.make()), destroy: trouble }) };
  const unremoved = await runStoreCases(sticky, { platform, cases: ['open/store-id'] });
  expect(unremoved.results[0]?.failure).toBe('the place could not be removed: no room');
});
