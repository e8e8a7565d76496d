/**
 * Decides how a program of somebody else is started and ended: in a group of its own, with a mark in its environment that everything it
 * starts inherits, so that ending it ends all of it, also what has left the group or has lost its parent.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable } from 'node:stream';
import { endMarked, markName, signalMarked } from './marked-processes.ts';

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing of this process is added but the mark. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to the standard input, which is then closed. */
  readonly input?: string;
  /** Unique among all programs of this host. */
  readonly mark: string;
  /** Between the request to end and the kill. */
  readonly graceMs: number;
}

export interface ProgramEnd {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface StartedProgram {
  readonly pid: number;
  /** What is not read is not written either: the program waits. */
  readonly stdout: AsyncIterable<Buffer>;
  readonly stderr: AsyncIterable<Buffer>;
  /** Resolves when the program and everything that it has started are gone. */
  readonly ended: Promise<ProgramEnd>;
  /** Asks it to end, and kills it after `graceMs`. Resolves when it is gone; may be called again. */
  stop(): Promise<void>;
}

/** Starts a program without a shell. Rejects with the error of the operating system when it cannot be started. */
export async function startProgram(options: ProgramOptions): Promise<StartedProgram> {
  const { command, args, cwd, env, mark, graceMs, input = '' } = options;
  const child = spawn(command, [...args], {
    cwd,
    env: { ...env, [markName]: mark },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: a signal for it reaches what it has started, and a Ctrl-C for this process does not reach it.
    detached: true,
  });
  const { stdin, stdout, stderr } = child;
  // A program that ends without reading its input breaks the pipe; how it ended is told by `ended`.
  stdin.on('error', () => undefined);
  const pid = await spawned(child);
  stdin.end(input);
  const exited = new Promise<ProgramEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const ended = exited.then(async (end) => {
    // What it left behind may hold its pipes open for ever.
    await endMarked(mark, pid);
    return end;
  });
  let hasExited = false;
  void exited.then(() => {
    hasExited = true;
  });
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    // The number of a process that is gone may be that of another one by now.
    if (!hasExited) signalMarked(mark, pid, 'SIGTERM');
    const timer = setTimeout(() => {
      if (!hasExited) signalMarked(mark, pid, 'SIGKILL');
    }, graceMs);
    await exited;
    clearTimeout(timer);
    await ended;
  };
  // The platform throws away what nobody has begun to read when the program exits; a pipe has begun.
  return {
    pid,
    stdout: endingWith(stdout, ended),
    stderr: endingWith(stderr, ended),
    ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Nothing came for so long although somebody waited for it: what holds the pipe open is not the program's any more. */
const silenceMs = 500;

/**
 * The output to its end, which comes when nothing has the pipe open any more. A process that has left the group and has thrown away its
 * environment is nowhere to be found, and may hold it for ever: when the program is gone, silence is the end.
 */
function endingWith(output: Readable, ended: Promise<unknown>): PassThrough {
  const through = new PassThrough();
  output.pipe(through);
  let lastMs = 0;
  output.on('data', () => {
    lastMs = performance.now();
  });
  const listen = (): void => {
    lastMs = performance.now();
    const timer = setInterval(() => {
      // What waits for its reader is not silent.
      if (through.writableNeedDrain) lastMs = performance.now();
      if (performance.now() - lastMs < silenceMs) return;
      output.unpipe(through);
      through.end();
      output.destroy();
    }, silenceMs / 5);
    const stop = (): void => clearInterval(timer);
    output.once('close', stop);
    if (output.closed) stop();
  };
  void ended.then(listen, listen);
  return through;
}

async function spawned(child: ChildProcess): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // It is there once the program has been started.
  return child.pid ?? 0;
}
