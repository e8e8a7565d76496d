// A program that carries out one command line after another, each as a process of its own would: with its own folder, environment and
// output, and not done before nothing is left that keeps a process alive. It ends with whoever started it.
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { KeptAnswer, KeptRequest } from './kept-command.ts';

interface Built {
  main(argv: readonly string[]): Promise<number>;
  tellUncaught(error: unknown, argv: readonly string[]): Promise<number>;
}

const bin = resolve('bin/runlog.js');
const built = (await import(pathToFileURL(resolve('dist/cli/main.js')).href)) as Built;
const endProcess = process.exit.bind(process);

let args: readonly string[] = [];
let out: Buffer[] = [];
let err: Buffer[] = [];
let isAnswered = false;

process.stdout.write = taking(() => out);
process.stderr.write = taking(() => err);

function taking(place: () => Buffer[]): typeof process.stdout.write {
  return (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    place().push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
    const done = rest.find((each) => typeof each === 'function');
    if (done !== undefined) process.nextTick(done);
    return true;
  };
}

/** Once a request. What is said afterwards is said to nobody. */
function answer(code: number, then: () => void = () => undefined): void {
  if (isAnswered) return;
  isAnswered = true;
  const text = { stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  process.send?.({ code, ...text } satisfies KeptAnswer, undefined, undefined, then);
}

function takePlace(request: KeptRequest): void {
  process.chdir(request.cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, request.env);
  args = request.args;
  process.argv = [process.execPath, bin, ...args];
  process.exitCode = undefined;
  out = [];
  err = [];
  isAnswered = false;
}

/** What goes on in a process that is left so is cut off: nobody asks this one again. */
function leave(code?: number | string | null): void {
  answer(Number(code ?? process.exitCode ?? 0), () => endProcess(0));
}
process.exit = leave as typeof process.exit;

async function fail(error: unknown): Promise<void> {
  leave(await built.tellUncaught(error, args));
}

async function carryOut(request: KeptRequest): Promise<void> {
  const own = process.getActiveResourcesInfo().length;
  takePlace(request);
  const code = await built.main(args);
  while (process.getActiveResourcesInfo().length > own) await setTimeout(1, undefined, { ref: false });
  answer(code);
}

process.on('uncaughtException', (error) => void fail(error));
process.on('disconnect', () => endProcess(0));
process.on('message', (request: KeptRequest) => void carryOut(request));
