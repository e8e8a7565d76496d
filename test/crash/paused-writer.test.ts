// A process that is stopped (SIGSTOP) until its lease has ended and somebody else has taken its run is fenced when it wakes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type Lease, type LogStore, RunOwnedError } from '../../src/log/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { dropSchema, serverUrl } from '../harness/postgres/scratch-schema.ts';
import { createdAt, openStorm, stormBatch, type StormPlace, stormRun } from './storm/storm-batch.ts';

const leaseMs = 200;
const program = builtProgram('paused-child');

function onSqlite(): StormPlace {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-paused-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { kind: 'sqlite', path: join(folder, 'runs.db') };
}

function onPostgres(): StormPlace {
  const schema = `paused_${process.pid}`;
  onTestFinished(() => dropSchema(schema));
  return { kind: 'postgres', url: serverUrl(), schema };
}

/** The process lives, so nobody may take the run before its lease has ended. */
async function takeWhenFree(store: LogStore): Promise<Lease> {
  for (;;) {
    try {
      return await store.acquire(stormRun);
    } catch (error) {
      expect(error).toBeInstanceOf(RunOwnedError);
      await sleep(20);
    }
  }
}

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])(
  'a writer on %s that slept through a takeover is refused, and has changed nothing',
  async (_name, placeOf) => {
    const place = placeOf();
    const store = await openStorm(place, leaseMs);
    await store.create({ id: stormRun, kind: 'run', label: null, createdAt });
    const args = ['--disable-warning=ExperimentalWarning', program, JSON.stringify(place), String(leaseMs)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const isClosed = once(child, 'close');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('stops 1');

    const { epoch } = await takeWhenFree(store);
    expect(epoch).toBe(2);
    child.kill('SIGCONT');
    expect((await lines.next()).value).toBe('refused fenced-error');
    await isClosed;
    expect(child.exitCode).toBe(0);

    const [head] = await store.commit([{ logId: stormRun, expected: 1, epoch, events: stormBatch(2, 1) }]);
    expect(head?.seq).toBe(2);
    await store.close();
  },
);
