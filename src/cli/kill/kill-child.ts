/**
 * Decides what a process does that the kit starts: it opens the store of a module at an address, and either writes until it kills
 * itself, or asks what is left of those that were killed.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { loadStoreMaker, nodePlatform } from '../../app/index.ts';
import { judgeDeath, killWrites, type Life, type StoreMaker } from '../../conformance/index.ts';
import type { LogStore } from '../../log/index.ts';

const deathShape = z.object({ moment: z.string(), begun: z.int(), acknowledged: z.int() });

/** What a child is asked to do; written into its command line as JSON. */
export const killRequest = z.discriminatedUnion('mode', [
  /** Writes; `when` at write number `write` it kills itself, `delayUs` after its beginning for the middle. */
  z.object({
    mode: z.literal('live'),
    address: z.string().nullable(),
    kill: z
      .object({ write: z.int(), when: z.enum(['before', 'middle', 'after']), delayUs: z.number() })
      .nullable(),
  }),
  z.object({
    mode: z.literal('judge'),
    deaths: z.array(deathShape.extend({ address: z.string().nullable() })),
  }),
]);

export type KillRequest = z.infer<typeof killRequest>;
type Living = Extract<KillRequest, { mode: 'live' }>;
type Judging = Extract<KillRequest, { mode: 'judge' }>;

/** Does what it is asked, and says on standard output, line by line, what is done. */
export async function killChild(module: string, request: KillRequest): Promise<void> {
  const maker = await loadStoreMaker(module);
  if (request.mode === 'live') await live(maker, request);
  else await judge(maker, request);
}

/** Written at once: a line that is still in this process when it dies was never an acknowledgement. */
function say(...words: readonly unknown[]): void {
  const bytes = Buffer.from(
    `${words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ')}\n`,
  );
  for (let done = 0; done < bytes.length;) done += writeSync(1, bytes, done);
}

/** A store in memory has no address: each process has a place of its own. */
async function openAt(maker: StoreMaker, address: string | null): Promise<LogStore> {
  if (address !== null && maker.processes !== undefined) return maker.processes.open(address);
  return (await maker.make()).open();
}

async function live(maker: StoreMaker, { address, kill }: Living): Promise<void> {
  const store = await openAt(maker, address);
  const executioner = kill?.when === 'middle' ? await Executioner.ready(kill.delayUs) : null;
  const state: Life = { epoch: null };
  say('capabilities', store.capabilities);
  for (const [index, write] of killWrites(store.capabilities).entries()) {
    const isLast = index + 1 === kill?.write;
    if (isLast && kill.when === 'before') die();
    say('begin', index + 1);
    const beganUs = performance.now() * 1000;
    if (isLast) executioner?.start();
    await write.run(store, state);
    const tookUs = performance.now() * 1000 - beganUs;
    say('ack', index + 1, Math.round(tookUs));
    if (isLast && kill.when === 'after') die();
  }
  if (kill === null) await store.close();
  // Its end is on the way.
  else await new Promise(() => setInterval(() => undefined, 1000));
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

/** Kills this process from a thread of its own, because a store may hold the main one while it writes. */
class Executioner {
  readonly #flag: Int32Array;

  private constructor(flag: Int32Array) {
    this.#flag = flag;
  }

  static async ready(delayUs: number): Promise<Executioner> {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const code = `const { parentPort, workerData: { flag, delayUs } } = require('node:worker_threads');
      parentPort.postMessage('ready');
      Atomics.wait(flag, 0, 0);
      const end = performance.now() + delayUs / 1000;
      while (performance.now() < end);
      process.kill(process.pid, 'SIGKILL');`;
    const worker = new Worker(code, { eval: true, workerData: { flag, delayUs } });
    worker.unref();
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    return new Executioner(flag);
  }

  start(): void {
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }
}

async function judge(maker: StoreMaker, { deaths }: Judging): Promise<void> {
  const { sha256, sleep } = nodePlatform;
  for (const { address, ...death } of deaths) {
    try {
      const store = await openAt(maker, address);
      const writes = killWrites(store.capabilities);
      const leaseMs = maker.processes?.leaseMs ?? 0;
      const life: Life = { epoch: null };
      const verdicts = await judgeDeath({ store, death, writes, life, leaseMs, sha256, sleep });
      await store.close();
      say(verdicts);
    } catch (error) {
      say({ unopened: `${error instanceof Error ? error.message : String(error)}, ${death.moment}` });
    }
  }
}
