/**
 * Decides what a process does that the kit starts: it opens the store of a module at an address, and either writes until it kills
 * itself, or while another process does, or asks what is left.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { loadSessionStoreMaker, loadStoreMaker, nodePlatform } from '../../app/index.ts';
import { type KillPort, type KillSubject, openKillSessions, openKillStore } from '../../conformance/index.ts';
import { type Judging, type Living, readKillRequest } from './kill-request.ts';

type Open = (address: string | null) => Promise<KillSubject>;

/** Does what it is asked in a `KillRequest`, as JSON, and says on standard output, line by line, what is done. */
export async function killChild(module: string, asked: string): Promise<void> {
  const request = readKillRequest(asked);
  const open = await opener(module, request.port);
  if (request.mode === 'live') return live(open, request);
  if (request.mode === 'judge') return judge(open, request);
  const subject = await open(request.address);
  if (request.mode === 'judge together') say(await subject.judgeTogether());
  else await subject.writeTogether(request.writer);
  await subject.close();
  if (request.mode === 'together') say('done');
}

async function opener(module: string, of: KillPort): Promise<Open> {
  if (of === 'session-store') {
    const maker = await loadSessionStoreMaker(module);
    return (at) => openKillSessions(maker, at);
  }
  const maker = await loadStoreMaker(module);
  return (at) => openKillStore(maker, at, nodePlatform);
}

/** Written at once: a line that is still in this process when it dies was never an acknowledgement. */
function say(...words: readonly unknown[]): void {
  const bytes = Buffer.from(
    `${words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ')}\n`,
  );
  for (let done = 0; done < bytes.length;) done += writeSync(1, bytes, done);
}

async function live(open: Open, { address: at, kill }: Living): Promise<void> {
  const subject = await open(at);
  const executioner = kill?.when === 'middle' ? await Executioner.ready(kill.delayUs) : null;
  say('capabilities', subject.capabilities);
  for (const [index, write] of subject.writes.entries()) {
    const isLast = index + 1 === kill?.write;
    if (isLast && kill.when === 'before') die();
    say('begin', index + 1);
    const beganUs = performance.now() * 1000;
    if (isLast) executioner?.start();
    await write();
    const tookUs = performance.now() * 1000 - beganUs;
    say('ack', index + 1, Math.round(tookUs));
    if (isLast && kill.when === 'after') die();
  }
  if (kill === null) await subject.close();
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

async function judge(open: Open, { deaths }: Judging): Promise<void> {
  for (const { address: at, ...death } of deaths) {
    try {
      const subject = await open(at);
      const verdicts = await subject.judge(death);
      await subject.close();
      say(verdicts);
    } catch (error) {
      say({ unopened: `${error instanceof Error ? error.message : String(error)}, ${death.moment}` });
    }
  }
}
