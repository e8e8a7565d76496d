/**
 * Decides how tests get the answer of the built command without the start of a process each time: from one that is kept, and is asked
 * again. What it cannot be asked for has a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface KeptRequest {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface KeptAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const program = fileURLToPath(new URL('./kept-program.ts', import.meta.url));

let kept: ChildProcess | null = null;
let isBusy = false;

/**
 * True when the kept process can stand for one of its own: none is at work in it, for two at once are two; nothing is asked for that
 * Node takes at its start; and no module is named, which would be loaded once and for all.
 */
export function canBeKept({ args, env }: KeptRequest): boolean {
  const isOfStart = Object.keys(env).some((name) => /^(NODE_|LANG|LC_|TZ)/.test(name));
  return !isBusy && !isOfStart && !args.some((arg) => /\.[cm]?[jt]s$/.test(arg));
}

/** Rejects when the process ends without an answer. */
export async function askKept(request: KeptRequest): Promise<KeptAnswer> {
  isBusy = true;
  const child = (kept ??= start());
  try {
    return await new Promise<KeptAnswer>((resolve, reject) => {
      const ended = (code: number | null, signal: string | null) =>
        reject(
          new Error(`the kept process ended with ${code ?? signal} at: runlog ${request.args.join(' ')}`),
        );
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer as KeptAnswer);
      });
      child.send(request);
    });
  } finally {
    isBusy = false;
  }
}

/** It keeps nobody alive, and ends with this process. */
function start(): ChildProcess {
  const child = fork(program, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
  });
  child.once('exit', () => {
    if (kept === child) kept = null;
  });
  child.unref();
  child.channel?.unref();
  return child;
}
