// kill -9 while a store is made, and processes that end without closing: nothing is left behind that holds up the next one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { chainHash, genesisHash, type LogStore } from '../../src/log/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-kill-'));
  path = join(folder, 'runs.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(program: string, place: string): ChildProcess {
  const flags = ['--disable-warning=ExperimentalWarning', builtProgram(program), place];
  return spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Reads everything, and checks content and chain. */
async function verify(store: LogStore): Promise<void> {
  let last = genesisHash;
  let seq = 0;
  for await (const page of store.read('a', { hashes: true })) {
    for (const event of page) {
      expect(event.payload.startsWith(`{"n":${event.seq},`)).toBe(true);
      last = chainHash(last, event, (text) => hash('sha256', text, 'hex'));
      expect(event.hash).toBe(last);
      seq = event.seq;
    }
  }
  expect(await store.head('a')).toMatchObject({ seq, hash: last });
}

test('a kill while the store is made leaves nothing, or a whole store', async () => {
  for (let round = 0; round < 8; round += 1) {
    path = join(folder, `new-${round}.db`);
    const child = start('writer-child', JSON.stringify({ kind: 'sqlite', path }));
    const isClosed = once(child, 'close');
    while (!existsSync(path)) await sleep(1);
    await sleep(round % 4);
    child.kill('SIGKILL');
    await isClosed;
    const store = await openSqliteStore({ path, mode: 'create', warn: () => undefined });
    if ((await store.info('a')) !== undefined) await verify(store);
    await store.close();
  }
});

test('an open store does not keep a process alive, and a process that ended holds nothing', async () => {
  const open = () => openSqliteStore({ path, mode: 'create', warn: () => undefined });
  const first = await open();
  await first.create({ id: 'a', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  await first.close();
  const child = start('idle-child', path);
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
  const second = await open();
  expect(await second.acquire('a')).toEqual({ logId: 'a', epoch: 2 });
  await second.close();
});
