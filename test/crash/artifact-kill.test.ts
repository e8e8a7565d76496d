// kill -9 while artifacts are put into a folder: what was told to be there is there, and nothing is there by half.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileArtifacts } from '../../src/adapters/artifacts/file/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';

const program = builtProgram('artifact-child');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-artifact-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function killWriter(round: number): Promise<readonly string[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, folder, String(round)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const isClosed = once(child, 'close');
  const told: string[] = [];
  for await (const key of createInterface({ input: child.stdout })) {
    told.push(key);
    if (told.length === 3 + 5 * round) child.kill('SIGKILL');
  }
  await isClosed;
  expect(child.signalCode).toBe('SIGKILL');
  return told;
}

test('after kill -9 every artifact that was told is whole, and so is every other that is listed', async () => {
  const told: string[] = [];
  for (let round = 0; round < 3; round += 1) told.push(...(await killWriter(round)));
  const store = fileArtifacts(folder);
  const { artifacts, cursor } = await store.list({ limit: 1000 });
  expect(cursor).toBe(null);
  expect(artifacts.map(({ key }) => key)).toEqual(expect.arrayContaining([...told, 'changing']));
  for (const { key, size } of artifacts) expect((await store.get(key)).bytes.length).toBe(size);
  await store.sweep({ olderThanMs: 0 });
  expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  const named = new Set(artifacts.map(({ sha256 }) => sha256));
  const shards = readdirSync(join(folder, 'blobs'));
  const blobs = shards.flatMap((shard) => readdirSync(join(folder, 'blobs', shard)));
  expect(new Set(blobs)).toEqual(named);
});
