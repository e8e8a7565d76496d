// kill -9 in the middle of writing: what was acknowledged is there, the chain holds, and the next process goes on at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { chainHash, genesisHash, type LogStore } from '../../src/log/index.ts';

const rounds = 20;
const programs = new URL('programs/', import.meta.url).pathname;
let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-kill-'));
  path = join(folder, 'runs.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(program: string, ...args: readonly string[]): ChildProcess {
  const flags = ['--disable-warning=ExperimentalWarning', join(programs, program), path, ...args];
  return spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
}

interface Killed {
  readonly epoch: number;
  readonly acknowledged: readonly { readonly seq: number; readonly hash: string }[];
}

/** Lets a writer acknowledge something, and kills it a moment later. */
async function killWriter(batchSize: number, afterMs: number): Promise<Killed> {
  const child = start('append-child.ts', String(batchSize));
  if (child.stdout === null) throw new Error('the child has no output');
  let epoch = 0;
  const acknowledged: { seq: number; hash: string }[] = [];
  const isClosed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, number, text = ''] = line.split(' ');
    if (word === 'epoch') epoch = Number(number);
    // The last line may have been cut by the kill.
    else if (text.length === 64) acknowledged.push({ seq: Number(number), hash: text });
    if (acknowledged.length === 1 && word === 'ack') void sleep(afterMs).then(() => child.kill('SIGKILL'));
  }
  await isClosed;
  expect(child.signalCode).toBe('SIGKILL');
  return { epoch, acknowledged };
}

/** Reads everything, checks content and chain, and returns the hash after each place. */
async function verify(store: LogStore): Promise<readonly string[]> {
  let last = genesisHash;
  const hashes = [last];
  for await (const page of store.read('a', { hashes: true })) {
    for (const event of page) {
      expect(event.payload.startsWith(`{"n":${event.seq},`)).toBe(true);
      last = chainHash(last, event, (text) => hash('sha256', text, 'hex'));
      expect(event.hash).toBe(last);
      hashes.push(last);
    }
  }
  expect(await store.head('a')).toMatchObject({ seq: hashes.length - 1, hash: last });
  return hashes;
}

test(`${rounds} kills on one file lose nothing that was acknowledged`, async () => {
  for (let round = 1; round <= rounds; round += 1) {
    const { epoch, acknowledged } = await killWriter((round * 13) % 60, Math.random() * 60);
    expect(epoch).toBe(round);
    const store = await openSqliteStore({ path, mode: 'read', warn: () => undefined });
    const hashes = await verify(store);
    for (const { seq, hash: head } of acknowledged) expect(hashes[seq]).toBe(head);
    expect(await store.record('progress', 'a')).toMatchObject({ value: String(hashes.length - 1) });
    await store.close();
  }
});

test('a kill while the store is made leaves nothing, or a whole store', async () => {
  for (let round = 0; round < 8; round += 1) {
    path = join(folder, `new-${round}.db`);
    const child = start('append-child.ts');
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
  const child = start('idle-child.ts');
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
  const second = await open();
  expect(await second.acquire('a')).toEqual({ logId: 'a', epoch: 2 });
  await second.close();
});
