// Decides how a command that moves or removes runs is stormed: the real one is killed with SIGKILL at a random moment and given again,
// until it was killed so many times; after each death every run is whole or not there and none is nowhere, and a command that is
// let go to its end leaves what it was asked for and ends with the code that its page names.
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { doctor } from 'runlog';
import { isStructuredError, seededRandom } from 'runlog/base';
import { ForeignDatabaseError, StoreNotFoundError } from 'runlog/log';
import { headsOf } from './store-heads.ts';

/** A store around a command, and the runs that it holds when the command is done. */
export interface StoreAround {
  readonly url: string;
  readonly inTheEnd: readonly string[];
}

/** One place where a command is given: what it is told, and what has to be true around it. */
export interface CommandPlace {
  readonly args: readonly string[];
  readonly stores: readonly StoreAround[];
  /** Of each run the head that it has wherever it is. */
  readonly heads: ReadonlyMap<string, string>;
  /** Runs that have to be in one of the stores at any moment. */
  readonly kept: readonly string[];
  /** What the same command ends with after it was completed. */
  readonly codeAgain: number;
}

export interface CommandStorm {
  readonly kills: number;
  readonly seed: number;
  /** A new one when the last is completed. */
  readonly newPlace: () => Promise<CommandPlace>;
  readonly onKill?: (counts: CommandCounts) => void;
}

export interface CommandCounts {
  kills: number;
  /** Of these, those that left another state than they found. */
  midway: number;
  /** Places where the command came to its end, with the runs and the codes that are due. */
  whole: number;
  /** Runs that were in no store. */
  lost: number;
  /** Runs that were there in part, or with other events. */
  torn: number;
  /** Ends with something else than what is due, and stores that `runlog doctor` finds something wrong with. */
  broken: number;
}

const bin = resolve('bin/runlog.js');
const killsAPlace = 3;
/** Of the kills: at any moment of a life, its start included; the others fall when it has begun to work. */
const shareOfEarly = 0.1;
const startsToWork = 0.35;
/** How long a life is; those that nobody kills tell better. */
const firstGuessMs = 600;

export async function commandStorm({ kills, seed, newPlace, onKill }: CommandStorm): Promise<CommandCounts> {
  const random = seededRandom(hash('sha256', `command storm ${seed}`, 'hex'));
  const counts: CommandCounts = { kills: 0, midway: 0, whole: 0, lost: 0, torn: 0, broken: 0 };
  let lifeMs = firstGuessMs;
  while (counts.kills < kills) {
    const place = await newPlace();
    let before = await look(place, counts);
    for (let life = 0; life < killsAPlace && counts.kills < kills; life += 1) {
      const isEarly = random.next() < shareOfEarly;
      const part = isEarly ? random.next() : startsToWork + random.next() * (1 - startsToWork);
      if (!(await isKilled(place, part * lifeMs))) break;
      counts.kills += 1;
      const after = await look(place, counts);
      if (after !== before) counts.midway += 1;
      before = after;
      onKill?.(counts);
    }
    lifeMs = (lifeMs + (await completed(place, counts))) / 2;
  }
  return counts;
}

interface Life {
  readonly code: number | null;
  readonly said: string;
}

async function life({ args }: CommandPlace, killAfterMs: number | null): Promise<Life> {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  const closed = once(child, 'close');
  const end = new AbortController();
  if (killAfterMs !== null)
    void sleep(killAfterMs, undefined, { signal: end.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
  await closed;
  end.abort();
  return { code: child.exitCode, said };
}

/** False when it was faster. */
async function isKilled(place: CommandPlace, afterMs: number): Promise<boolean> {
  const { code, said } = await life(place, afterMs);
  if (code === null) return true;
  if (code !== 0 && code !== place.codeAgain) throw new Error(`ended with ${code}: ${said}`);
  return false;
}

/** Lets the command go to its end and gives it once more. Resolves with how long the first took. */
async function completed(place: CommandPlace, counts: CommandCounts): Promise<number> {
  const wasDone = await isDone(place);
  const started = performance.now();
  const first = await life(place, null);
  const tookMs = performance.now() - started;
  const again = await life(place, null);
  const isAsDue =
    first.code === (wasDone ? place.codeAgain : 0) &&
    again.code === place.codeAgain &&
    (await isDone(place)) &&
    (await areWhole(place));
  if (isAsDue) counts.whole += 1;
  else {
    counts.broken += 1;
    process.stderr.write(`not as due: ${place.args.join(' ')}: ${JSON.stringify([first, again])}\n`);
  }
  await look(place, counts);
  return tookMs;
}

async function isDone({ stores }: CommandPlace): Promise<boolean> {
  for (const { url, inTheEnd } of stores) {
    const there = [...(await headsThere(url)).keys()];
    if (JSON.stringify(there) !== JSON.stringify(inTheEnd.toSorted())) return false;
  }
  return true;
}

async function areWhole({ stores }: CommandPlace): Promise<boolean> {
  for (const { url } of stores) if ((await doctor(url)).state !== 'whole') return false;
  return true;
}

/** Counts what is lost and torn, and says what is where. */
async function look({ stores, heads, kept }: CommandPlace, counts: CommandCounts): Promise<string> {
  const found = new Set<string>();
  const where: string[][] = [];
  for (const { url } of stores) {
    const there = await headsThere(url);
    for (const [id, head] of there) {
      found.add(id);
      if (heads.get(id) !== head) counts.torn += 1;
    }
    where.push([...there.keys()]);
  }
  counts.lost += kept.filter((id) => !found.has(id)).length;
  return JSON.stringify(where);
}

/** A store that nobody has made yet holds no run, and one whose making was broken off holds none either: the next command makes it. */
async function headsThere(url: string): Promise<ReadonlyMap<string, string>> {
  try {
    return await headsOf(url);
  } catch (error) {
    if (error instanceof StoreNotFoundError || isEmptyFile(error)) return new Map();
    throw error;
  }
}

function isEmptyFile(error: unknown): boolean {
  return (
    error instanceof ForeignDatabaseError &&
    isStructuredError(error) &&
    error.whatFailed.startsWith('The file is an empty database')
  );
}
