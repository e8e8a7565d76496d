// The quickstart is killed with SIGKILL fifty times on one file, each time after a random number of acknowledged events, and
// taken up again each time. What was acknowledged must be there, what was answered must not be asked again, and in the end
// nobody can tell from the hash that anything happened.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { openStore, sha256, verifyStoredRun } from '../../src/app/index.ts';
import { decodeEvent } from '../../src/log/index.ts';
import { loadState } from '../../src/runtime/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';

const kills = 50;
const folder = mkdtempSync(join(tmpdir(), 'runlog-kill-'));
const program = builtProgram('quickstart-child');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Life {
  /** `run id`, event id and type of each event that the program was told to be durable. */
  readonly acknowledged: readonly string[];
  /** Head hashes of run and fork; `null` when the program was killed before its end. */
  readonly heads: string | null;
}

/** Runs the program until it ends, or until it has acknowledged `killAfter` events and `delayMs` have gone by. */
async function live(name: string, killAfter: number, delayMs: number): Promise<Life> {
  const url = urlOf(name);
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, url, callsOf(name)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const acknowledged: string[] = [];
  let heads: string | null = null;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('done ')) heads = line;
    else acknowledged.push(line);
    if (acknowledged.length === killAfter) setTimeout(() => child.kill('SIGKILL'), delayMs);
  }
  await ended;
  return { acknowledged, heads };
}

function urlOf(name: string): string {
  return `sqlite:///${join(folder, `${name}.db`)}`;
}

function callsOf(name: string): string {
  return join(folder, `${name}.calls`);
}

function callsIn(name: string): readonly string[] {
  return existsSync(callsOf(name)) ? readFileSync(callsOf(name), 'utf8').split('\n').filter(Boolean) : [];
}

/** What the file says: every event of every run, and the keys of all questions whose answers are in it. */
interface Found {
  readonly events: ReadonlySet<string>;
  readonly answered: ReadonlySet<string>;
}

async function inspect(name: string): Promise<Found> {
  const store = await openStore(urlOf(name), { mode: 'read' });
  const events = new Set<string>();
  const answered = new Set<string>();
  for (const { id: runId } of await store.logs()) {
    await loadState(store, runId, { verifyWith: sha256 });
    for await (const page of store.read(runId)) {
      for (const stored of page) {
        const { id, type, causedBy } = decodeEvent(stored, runId);
        events.add(`${runId} ${id} ${type}`);
        if (type.endsWith('.responded')) answered.add(sha256(`${runId}\n${causedBy}`));
      }
    }
  }
  await store.close();
  return { events, answered };
}

test('a quickstart that is killed fifty times ends with the same history, and asks nobody twice for what was recorded', async () => {
  const undisturbed = await live('undisturbed', Number.POSITIVE_INFINITY, 0);
  expect(undisturbed.heads).not.toBeNull();
  const pace = Math.max(2, Math.floor((undisturbed.acknowledged.length / kills) * 1.4));

  let done = 0;
  let askedTwice = 0;
  let heads: string | null = null;
  for (let file = 0; done < kills; file += 1) {
    const name = `killed-${file}`;
    heads = null;
    // Nobody writes between two lives.
    let before: Found = { events: new Set(), answered: new Set() };
    while (heads === null) {
      const askedBefore = callsIn(name).length;
      const mayKill = done < kills;
      const life = await live(
        name,
        mayKill ? 1 + Math.floor(Math.random() * pace) : Number.POSITIVE_INFINITY,
        Math.random() * 3,
      );
      const after = await inspect(name);
      const missing = [...before.events, ...life.acknowledged].filter((line) => !after.events.has(line));
      expect(missing, 'acknowledged events that are gone').toEqual([]);
      const asked = callsIn(name);
      const paidTwice = asked.slice(askedBefore).filter((key) => before.answered.has(key));
      expect(paidTwice, 'questions put again although their answers were recorded').toEqual([]);
      askedTwice += asked
        .slice(askedBefore)
        .filter((key) => asked.slice(0, askedBefore).includes(key)).length;
      before = after;
      if (life.heads === null) done += 1;
      heads = life.heads;
    }
    expect(heads).toBe(undisturbed.heads);
    for (const runId of ['quickstart', 'quickstart-stricter'])
      expect((await verifyStoredRun(urlOf(name), { runId })).divergence).toBeNull();
  }
  process.stdout.write(
    `killed ${done} times; ${askedTwice} questions were asked again because the kill fell between answer and record\n`,
  );
});
