// Decides how a migration is stormed: it is killed with SIGKILL at a random moment and started again, until it was killed so many
// times; after each death every run of the destination is whole or not there, and a run that is let go to its end has every head.
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from 'runlog';
import { seededRandom } from 'runlog/base';
import { createdAt, stormBatch } from './storm-batch.ts';
import { headsOf } from './store-heads.ts';

export interface MigrateStorm {
  /** What was built of `migrate-child.ts`. */
  readonly program: string;
  readonly kills: number;
  readonly seed: number;
  /** URL of the source: a store that is not there yet. */
  readonly from: string;
  /** URL of a destination that is not there yet; a new one when the last is whole. */
  readonly newPlace: () => Promise<string>;
  readonly onKill?: (counts: MigrateCounts) => void;
}

export interface MigrateCounts {
  kills: number;
  /** Migrations that came to their end, each with the heads of the source. */
  whole: number;
  /** Runs that were found in a destination after a death. */
  found: number;
  /** Runs that were there in part, or with other events. */
  torn: number;
}

const killsAPlace = 4;

/** A long run, forks of it and of each other, and short ones between. */
export async function makeMigrateSource(url: string): Promise<void> {
  const store = await openStore(url);
  const append = async (logId: string, expected: number, count: number): Promise<void> => {
    const events = stormBatch(expected + 1, count);
    await store.commit([{ logId, expected, epoch: null, events }]);
  };
  for (const [id, count] of [
    ['a', 3000],
    ['b', 10],
    ['c', 2000],
  ] as const) {
    await store.create({ id, kind: 'run', label: null, createdAt });
    await append(id, 0, count);
  }
  for (const [id, parent, atSeq, count] of [
    ['a/fork', 'a', 1500, 700],
    ['a/fork/fork', 'a/fork', 1800, 400],
    ['c/fork', 'c', 1, 1],
  ] as const) {
    await store.fork({ parent, atSeq, id, label: null, createdAt });
    await append(id, atSeq, count);
  }
  await store.close();
}

export async function migrateStorm(storm: MigrateStorm): Promise<MigrateCounts> {
  const { program, kills, seed, from, newPlace, onKill } = storm;
  const random = seededRandom(hash('sha256', `migrate storm ${seed}`, 'hex'));
  const counts: MigrateCounts = { kills: 0, whole: 0, found: 0, torn: 0 };
  const expected = await headsOf(from);
  while (counts.kills < kills) {
    const to = await newPlace();
    for (let life = 0; life < killsAPlace && counts.kills < kills; life += 1) {
      const phases = Math.floor(random.next() * 12);
      if (!(await isKilled([program, from, to], phases, random.next() * 40))) break;
      counts.kills += 1;
      await countTorn(to, expected, counts);
      onKill?.(counts);
    }
    if (await isKilled([program, from, to], Number.POSITIVE_INFINITY, 0))
      throw new Error('nobody was to kill it');
    const heads = await headsOf(to);
    if (JSON.stringify([...heads]) === JSON.stringify([...expected])) counts.whole += 1;
    else counts.torn += 1;
  }
  return counts;
}

/** Starts a migration, and kills it some time after it told of so many phases; false when it was faster. */
async function isKilled(command: readonly string[], phases: number, afterMs: number): Promise<boolean> {
  const args = ['--disable-warning=ExperimentalWarning', ...command];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const isClosed = once(child, 'close');
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    void line;
    told += 1;
    if (told === phases + 1) void sleep(afterMs).then(() => child.kill('SIGKILL'));
  }
  await isClosed;
  if (child.signalCode === 'SIGKILL') return true;
  if (child.exitCode !== 0) throw new Error(`the migration ended with ${child.exitCode}`);
  return false;
}

/** A destination that nobody has made yet holds no run. */
async function countTorn(
  to: string,
  expected: ReadonlyMap<string, string>,
  counts: MigrateCounts,
): Promise<void> {
  // Whoever died while making the store leaves one that the next one makes.
  await (await openStore(to, { mode: 'create' })).close();
  for (const [id, head] of await headsOf(to)) {
    counts.found += 1;
    if (expected.get(id) !== head) counts.torn += 1;
  }
}
