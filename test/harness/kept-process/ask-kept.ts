/**
 * Decides how tests get the answer of the built command, or the output of a program that uses the package, without the start of a
 * process each time: from one that is kept, and is asked again. What it cannot be asked for has a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface KeptRequest {
  /** Of `runlog`; a list with nothing in it for a program. */
  readonly args: readonly string[];
  /** The file of a program, in place of the command. */
  readonly program: string | null;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface KeptAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the kept process sends: it says when it cannot be asked again. */
export type KeptMessage = KeptAnswer & { readonly isLast: boolean };

type Place = Pick<KeptRequest, 'cwd' | 'env'>;

const keptProgram = fileURLToPath(new URL('./kept-program.ts', import.meta.url));

let kept: ChildProcess | null = null;
let isBusy = false;

/**
 * What the built command answers; `null` when it is to have a process of its own: the first time that this worker calls a command, and when
 * it names a module that does more than to export.
 */
export async function askCommand(args: readonly string[], place: Place): Promise<KeptAnswer | null> {
  const isNew = isFirstCall(args);
  const modules = args.filter((arg) => /\.[cm]?[jt]s$/.test(arg)).map((arg) => resolve(place.cwd, arg));
  if (isNew || !isKeepable(place) || !modules.every(isLoadable)) return null;
  return ask({ args, program: null, ...place });
}

/** What the kept process has loaded, or looked for: it does so once and for all. */
const loaded = new Map<string, string>();

/** One that is there with another text than it was loaded with is not; nor one that acts, or waits, while it is loaded. */
function isLoadable(path: string): boolean {
  const text = textOf(path);
  if (!importsOf(text).every(isPlain) || /\b(?:process|console)\b|\bimport\(|^[^({]*\bawait\b/m.test(text))
    return false;
  const before = loaded.get(path) ?? text;
  loaded.set(path, before);
  return before === text;
}

/** Nothing for one that is not there. */
function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function importsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/\b(?:from|import) ['"]([^'"]+)['"]/g), ([, specifier = '']) => specifier);
}

/** The package, as built; and what keeps nothing for the whole of a process. */
function isPlain(specifier: string): boolean {
  return /^(?:runlog(?:\/|$)|node:|zod$|file:.*\/dist\/)/.test(specifier);
}

/**
 * What a program prints; `null` when it is to have a process of its own: when it looks at its process, or uses modules beside it, or
 * packages that keep something for the whole of a process.
 */
export async function askProgram(program: string, place: Place): Promise<KeptAnswer | null> {
  const text = readFileSync(program, 'utf8');
  if (!importsOf(text).every(isPlain) || /\bprocess\b|\bimport\(/.test(text) || !isKeepable(place))
    return null;
  return ask({ args: [], program, ...place });
}

const called = new Set<string>();

function isFirstCall(args: readonly string[]): boolean {
  const command = args.find((arg) => !arg.startsWith('-')) ?? '';
  if (called.has(command)) return false;
  called.add(command);
  return true;
}

/** Two at once are two processes; and some settings are heeded by Node when it starts. */
function isKeepable({ env }: Place): boolean {
  return !isBusy && !Object.keys(env).some((name) => /^(NODE_|LANG|LC_|TZ)/.test(name));
}

/** Rejects when the process ends without an answer. */
async function ask(request: KeptRequest): Promise<KeptAnswer> {
  isBusy = true;
  const child = (kept ??= start());
  try {
    return await new Promise<KeptAnswer>((resolve, reject) => {
      const ended = (code: number | null, signal: string | null) => {
        forget();
        reject(new Error(`the kept process ended with ${code ?? signal} at: ${JSON.stringify(request)}`));
      };
      child.once('exit', ended);
      child.once('message', (message: KeptMessage) => {
        child.off('exit', ended);
        const { isLast, ...answer } = message;
        if (isLast) forget();
        resolve(answer);
      });
      child.send(request);
    });
  } finally {
    isBusy = false;
  }
}

function forget(): void {
  kept = null;
  loaded.clear();
}

/** It keeps nobody alive, and ends with this process. */
function start(): ChildProcess {
  const child = fork(keptProgram, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
  });
  child.unref();
  child.channel?.unref();
  return child;
}
