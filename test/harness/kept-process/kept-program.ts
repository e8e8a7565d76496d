// A program that carries out one command line or program after another, each as a process of its own would: with its own folder, environment and
// output, and not done before nothing is left that keeps a process alive. It ends with whoever started it.
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { KeptMessage, KeptRequest } from './ask-kept.ts';

interface Built {
  main(argv: readonly string[]): Promise<number>;
  tellUncaught(error: unknown, argv: readonly string[]): Promise<number>;
}

const bin = resolve('bin/runlog.js');
const built = (await import(pathToFileURL(resolve('dist/cli/main.js')).href)) as Built;
const endProcess = process.exit.bind(process);

let current: Pick<KeptRequest, 'args' | 'program'> = { args: [], program: null };
let programs = 0;
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
function answer(code: number, isLast = false): void {
  if (isAnswered) return;
  isAnswered = true;
  const text = { stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  const message: KeptMessage = { code, ...text, isLast };
  process.send?.(message, undefined, undefined, () => {
    if (isLast) endProcess(0);
  });
}

function takePlace(request: KeptRequest): void {
  process.chdir(request.cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, request.env);
  current = request;
  process.argv = [process.execPath, request.program ?? bin, ...request.args];
  process.exitCode = undefined;
  out = [];
  err = [];
  isAnswered = false;
}

/** What goes on in a process that is left so is cut off: nobody asks this one again. */
function leave(code?: number | string | null): void {
  answer(Number(code ?? process.exitCode ?? 0), true);
}
process.exit = leave as typeof process.exit;

async function fail(error: unknown): Promise<void> {
  if (current.program === null) return leave(await built.tellUncaught(error, current.args));
  process.stderr.write(`${inspect(error)}\n`);
  leave(1);
}

async function carryOut(request: KeptRequest): Promise<void> {
  const own = process.getActiveResourcesInfo().length;
  takePlace(request);
  const code = request.program === null ? await built.main(request.args) : await load(request.program);
  while (process.getActiveResourcesInfo().length > own) await setTimeout(1, undefined, { ref: false });
  answer(code ?? Number(process.exitCode ?? 0));
}

/** Also when a file of the same name was loaded before. */
async function load(program: string): Promise<null> {
  programs += 1;
  await import(`${pathToFileURL(program).href}?${programs}`);
  return null;
}

process.on('uncaughtException', (error) => void fail(error));
process.on('disconnect', () => endProcess(0));
process.on('message', (request: KeptRequest) => void carryOut(request).catch(fail));
