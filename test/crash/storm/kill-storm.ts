// Decides how a storm goes: one process after another writes to one store and is killed with SIGKILL at a random moment; after each
// death the store is opened anew and looked at, and the next process takes the run over. In the end `doctor` looks at all of it.
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { doctor } from 'runlog';
import { seededRandom } from 'runlog/base';
import { openStorm, type StormPlace, urlOf } from './storm-batch.ts';
import {
  type Acknowledgement,
  countDeath,
  nothingCounted,
  nothingLooked,
  type StormCounts,
} from './storm-checks.ts';

export interface Storm {
  /** What was built of `writer-child.ts`. */
  readonly program: string;
  readonly kills: number;
  readonly seed: number;
  /** A store is given up for a new one after so many kills, so that none grows without end. */
  readonly newPlace: () => Promise<StormPlace>;
  readonly onKill?: (counts: StormCounts) => void;
}

const killsAStore = 25;
/** Of the kills: at any moment of a life, its beginning included; the others fall when it has begun to write. */
const shareOfEarly = 0.15;

export async function killStorm({ program, kills, seed, newPlace, onKill }: Storm): Promise<StormCounts> {
  const counts = nothingCounted();
  const random = seededRandom(hash('sha256', `storm ${seed}`, 'hex'));
  for (let place = await newPlace(); counts.kills < kills; place = await newPlace()) {
    const looked = nothingLooked();
    let lastEpoch = 0;
    for (let kill = 0; kill < killsAStore && counts.kills < kills; kill += 1) {
      const isEarly = random.next() < shareOfEarly;
      const life = await killedLife([program, JSON.stringify(place)], {
        size: Math.floor(random.next() * 60),
        afterMs: random.next() * (isEarly ? 250 : 40),
        isEarly,
      });
      if (life.epoch !== null && life.epoch <= lastEpoch)
        throw new Error('a run was taken over without a new epoch');
      lastEpoch = life.epoch ?? lastEpoch;
      counts.twice += life.changed;
      const store = await openStorm(place);
      await countDeath(store, looked, life.acknowledged, counts);
      await store.close();
      onKill?.(counts);
    }
    if ((await doctor(urlOf(place))).state === 'damaged') counts.broken += 1;
  }
  return counts;
}

interface Life {
  /** Null when it was killed before it had the run. */
  readonly epoch: number | null;
  readonly acknowledged: readonly Acknowledgement[];
  /** Batches sent again that changed something. */
  readonly changed: number;
}

interface Doom {
  readonly size: number;
  readonly afterMs: number;
  readonly isEarly: boolean;
}

/** Starts a writer, and kills it some time after its start, or after its first acknowledgement. */
async function killedLife(writer: readonly string[], { size, afterMs, isEarly }: Doom): Promise<Life> {
  const args = ['--disable-warning=ExperimentalWarning', ...writer, String(size)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const isClosed = once(child, 'close');
  const kill = async (): Promise<void> => {
    await sleep(afterMs);
    child.kill('SIGKILL');
  };
  if (isEarly) void kill();
  let epoch: number | null = null;
  let changed = 0;
  const acknowledged: Acknowledgement[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, number, text = ''] = line.split(' ');
    if (word === 'epoch') epoch = Number(number);
    if (word === 'changed') changed += 1;
    // The last line may have been cut by the kill.
    if (word === 'ack' && text.length === 64) acknowledged.push({ seq: Number(number), hash: text });
    if (word === 'ack' && acknowledged.length === 1 && !isEarly) void kill();
  }
  await isClosed;
  if (child.signalCode !== 'SIGKILL') throw new Error(`a writer ended by itself with code ${child.exitCode}`);
  return { epoch, acknowledged, changed };
}
