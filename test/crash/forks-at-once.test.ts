// Four processes fork one run at the same time while its owner goes on writing: nobody disturbs anybody.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type LogStore, open, openStore, sha256 } from '../../src/app/index.ts';
import { chainHash, genesisHash } from '../../src/log/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';

const program = builtProgram('fork-child');
const made = z.array(z.object({ runId: z.string(), seq: z.number() }));

async function forksOf(url: string, count: number): Promise<z.infer<typeof made>> {
  const args = ['--disable-warning=ExperimentalWarning', program, url, String(count)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(child.exitCode).toBe(0);
  const lines = out.trim().split('\n');
  return made.parse(lines.map((line): unknown => JSON.parse(line)));
}

/** The chain hash after each place, computed from what is read. */
async function chainOf(store: LogStore, runId: string): Promise<readonly string[]> {
  const hashes = [genesisHash];
  for await (const page of store.read(runId))
    for (const stored of page) hashes.push(chainHash(hashes.at(-1) ?? genesisHash, stored, sha256));
  return hashes;
}

test(
  'a hundred forks by four processes are made while the parent goes on, and each has its past',
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runlog-forks-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const url = `sqlite:///${join(folder, 'run.db')}`;
    const store = await openStore(url);
    const parent = await open(store, { runId: 'busy' });
    await parent.emit('step', { n: 0 });
    const ending = { isDone: false };
    const forking = Promise.all([1, 2, 3, 4].map(async () => forksOf(url, 25))).finally(() => {
      ending.isDone = true;
    });
    let written = 1;
    while (!ending.isDone) {
      await parent.emit('step', { n: written });
      written += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const forks = (await forking).flat();
    expect(new Set(forks.map(({ runId }) => runId)).size).toBe(100);
    const chain = await chainOf(store, 'busy');
    expect(await store.head('busy')).toMatchObject({ seq: written, hash: chain.at(-1) });
    expect(new Set(forks.map(({ seq }) => seq)).size).toBeGreaterThan(1);
    for (const { runId, seq } of forks) {
      const own = await chainOf(store, runId);
      expect(own.slice(0, seq + 1)).toEqual(chain.slice(0, seq + 1));
      const info = await store.info(runId);
      expect(info).toMatchObject({ parent: { logId: 'busy', atSeq: seq }, head: { hash: own.at(-1) } });
      expect((info?.head.seq ?? 0) - seq).toBeLessThanOrEqual(1);
    }
    await parent.close();
    await store.close();
  },
);
