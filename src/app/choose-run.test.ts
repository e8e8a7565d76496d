import { describe, expect, it } from 'vitest';
import { type LogStore, openMemoryStore, RunNotFoundError } from '../log/index.ts';
import { chooseRun } from './choose-run.ts';
import { sha256 } from './node-platform.ts';

async function storeWith(...ids: readonly string[]): Promise<LogStore> {
  const store = openMemoryStore({ sha256, nowMs: () => 0 });
  for (const id of ids)
    await store.create({ id, kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  return store;
}

describe('chooseRun', () => {
  it('takes the run that was created last', async () => {
    expect(await chooseRun(await storeWith('b', 'c', 'a'), undefined)).toMatchObject({
      info: { id: 'a' },
      isNewest: true,
    });
  });

  it('finds it behind more runs than one page holds', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `run_${index}`);
    expect((await chooseRun(await storeWith(...ids), undefined)).info.id).toBe('run_249');
  });

  it('takes the run that is named', async () => {
    expect(await chooseRun(await storeWith('a', 'b'), 'a')).toMatchObject({
      info: { id: 'a' },
      isNewest: false,
    });
  });

  it('passes over logs that are no runs', async () => {
    const store = await storeWith('a');
    await store.create({ id: 's', kind: 'session', label: null, createdAt: '2026-01-01T00:00:00Z' });
    expect((await chooseRun(store, undefined)).info.id).toBe('a');
  });

  it('says what a store without runs holds, and what shows it', async () => {
    const store = openMemoryStore({ sha256, nowMs: () => 0 });
    for (const id of ['s 1', 's 2'])
      await store.create({ id, kind: 'session', label: null, createdAt: '2026-01-01T00:00:00Z' });
    const refusal: unknown = await chooseRun(store, undefined).catch((error: unknown) => error);
    expect(String(refusal)).toContain('the store has no runs of graphs, and 2 sessions');
    expect(String(refusal)).toContain("such as 's 2'");
    expect(String(refusal)).toContain("`runlog inspect URL --run-id 's 2'`");
  });

  it.each([['nope'], [undefined]])('refuses %s where there is no such run', async (named) => {
    await expect(chooseRun(await storeWith(), named)).rejects.toBeInstanceOf(RunNotFoundError);
  });
});
