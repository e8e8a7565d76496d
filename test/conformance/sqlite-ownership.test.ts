// Ownership on one machine: a process that is gone holds nothing, one that cannot be judged keeps its lease. Handles claim a
// version of the library, because one older than 3.51.3 lets no second process in.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ProcessIdentity } from '../../src/adapters/stores/sqlite/index.ts';
import { thisProcess } from '../../src/host/index.ts';
import { type LogStore, RunOwnedError, StoreUnavailableError } from '../../src/log/index.ts';
import { createdAt, openForTest, sampleRows, sampleStore } from './sqlite-scratch.ts';
import { claiming } from './watched-database.ts';

/** Above every limit that Linux and macOS know. */
const impossiblePid = 2 ** 30;

async function heldBy(identity: Partial<ProcessIdentity>): Promise<{ path: string; holder: LogStore }> {
  const path = await sampleStore();
  const holder = await openForTest({
    database: claiming('3.53.4', path),
    mode: 'write',
    identity: { ...thisProcess(), ...identity },
  });
  await holder.acquire('a');
  return { path, holder };
}

describe('a run is taken at once', () => {
  test('from a process that does not live any more', async () => {
    const { path } = await heldBy({ pid: impossiblePid });
    const store = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    expect(await store.acquire('a')).toEqual({ logId: 'a', epoch: 2 });
  });

  test('from a process whose pid somebody else has now, where the system tells when a process began', async () => {
    const { path } = await heldBy({ processStart: '1' });
    const store = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    if (thisProcess().processStart === '')
      await expect(store.acquire('a')).rejects.toBeInstanceOf(RunOwnedError);
    else expect(await store.acquire('a')).toEqual({ logId: 'a', epoch: 2 });
  });
});

describe('a run stays held', () => {
  test.each([
    ['on another machine', { host: 'another-machine', pid: impossiblePid }],
    ['from another start of the machine, or another container', { boot: 'another', pid: impossiblePid }],
    ['that lives', { pid: process.ppid, processStart: '' }],
  ])('by a process %s', async (_, identity) => {
    const { path } = await heldBy(identity);
    const store = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    await expect(store.acquire('a')).rejects.toMatchObject({
      code: RunOwnedError.code,
      context: { pid: identity.pid, run_id: 'a' },
    });
  });

  test('whose first transaction was made again', async () => {
    const path = await sampleStore();
    const holder = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    await holder.create({ id: 's', kind: 'session', label: null, createdAt });
    await holder.close();
    const again = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    const events = sampleRows(1, 1).map((row) => ({ ...row, id: 'told twice' }));
    const part = { logId: 's', expected: 'any', epoch: null, events } as const;
    await Promise.all([again.acquire('a'), again.commit([part]), again.commit([part])]);
    const other = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    await expect(other.acquire('a')).rejects.toBeInstanceOf(RunOwnedError);
  });

  test('while a timer renews its lease', async () => {
    const path = await sampleStore();
    const holder = await openForTest({ database: claiming('3.53.4', path), mode: 'write', leaseMs: 150 });
    await holder.acquire('a');
    await sleep(400);
    const store = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    await expect(store.acquire('a')).rejects.toBeInstanceOf(RunOwnedError);
  });
});

describe('a library older than 3.51.3', () => {
  const otherProcess = { ...thisProcess(), pid: process.ppid, processStart: '' };

  test('is warned of once', async () => {
    const path = await sampleStore();
    const warnings: string[] = [];
    const warn = (message: string): number => warnings.push(message);
    for (let time = 0; time < 3; time += 1)
      await openForTest({ database: claiming('3.50.4', path), mode: 'write', warn });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('3.50.4');
  });

  test('keeps a second process out, whatever library that has', async () => {
    const path = await sampleStore();
    await openForTest({ database: claiming('3.50.4', path), mode: 'write', identity: otherProcess });
    const refused = { code: StoreUnavailableError.code, context: { reason: 'busy', pid: process.ppid } };
    const newer = await openForTest({ database: claiming('3.53.4', path), mode: 'write' });
    await expect(newer.acquire('a')).rejects.toMatchObject(refused);
    expect(await newer.head('a')).toMatchObject({ seq: 3 });
  });

  test('is kept out by a process that writes already', async () => {
    const path = await sampleStore();
    const first = await openForTest({
      database: claiming('3.53.4', path),
      mode: 'write',
      identity: otherProcess,
    });
    await first.acquire('a');
    const open = openForTest({ database: claiming('3.50.4', path), mode: 'write' });
    await expect(open).rejects.toMatchObject({
      code: StoreUnavailableError.code,
      context: { reason: 'busy' },
    });
  });

  test('goes on when the other process is gone', async () => {
    const path = await sampleStore();
    const first = await openForTest({
      path,
      mode: 'write',
      identity: { ...thisProcess(), pid: impossiblePid },
    });
    await first.acquire('a');
    const store = await openForTest({ database: claiming('3.50.4', path), mode: 'write' });
    expect(await store.acquire('a')).toEqual({ logId: 'a', epoch: 2 });
  });
});
