/** Decides how tests run the built command: as a process of its own, in a folder of its own, with nothing of this environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { checkJsonOutput } from '../../harness/json-output.ts';
import { askCommand } from '../../harness/kept-process/ask-kept.ts';

const bin = resolve('bin/runlog.js');

/**
 * Modes of files say nothing to root. This has it run a command that they bind; the user stays the same, because another one may not
 * be let into the folder of this tree.
 */
export const heldToModes: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** A file that takes the standard output. */
  readonly stdoutTo?: string;
  /** A command that runs this one, with its own arguments. */
  readonly under?: readonly string[];
}

export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'runlog-cli-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  start(args: readonly string[], { env = {}, stdoutTo, under = [] }: Surroundings = {}): ChildProcess {
    const stdout = stdoutTo === undefined ? 'pipe' : openSync(stdoutTo, 'w');
    const [program = process.execPath, ...words] = [...under, process.execPath, bin, ...args];
    const child = spawn(program, words, {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', stdout, 'pipe'],
    });
    if (typeof stdout === 'number') closeSync(stdout);
    return child;
  }

  /** Runs the command where it may read the folder and not write it. */
  async asReader(args: readonly string[]): Promise<Ended> {
    chmodSync(this.folder, 0o555);
    try {
      return await this.runlog(args, { under: heldToModes });
    } finally {
      chmodSync(this.folder, 0o755);
    }
  }

  /**
   * Each command has a process of its own when it is first called, and is asked of the process that is kept from then on. Whatever is
   * printed with `--json` has to be what its schema says.
   */
  async runlog(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
    const result = (await this.#kept(args, surroundings)) ?? (await ended(this.start(args, surroundings)));
    checkJsonOutput(args, result);
    return result;
  }

  async #kept(args: readonly string[], { env = {}, ...others }: Surroundings): Promise<Ended | null> {
    if (Object.keys(others).length > 0) return null;
    const answer = await askCommand(args, {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], ...env },
    });
    return answer === null ? null : { ...answer, signal: null };
  }

  /** What is in the folder, by content. SQLite's own files beside a store come and go with every reader. */
  fingerprint(): Readonly<Record<string, string>> {
    const names = readdirSync(this.folder).filter((name) => !/-(wal|shm)$/.test(name));
    return Object.fromEntries(names.map((name) => [name, digest(this.path(name))]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function digest(path: string): string {
  if (statSync(path).isDirectory()) return `${readdirSync(path).length} entries`;
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** A workplace for one test. */
export function workplace(): Workplace {
  const place = new Workplace();
  onTestFinished(() => place.remove());
  return place;
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  const exit = new Promise<Pick<Ended, 'code' | 'signal'>>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code, signal }));
  });
  const [out, err, { code, signal }] = await Promise.all([textOf(stdout), textOf(stderr), exit]);
  return { code, signal, stdout: out, stderr: err };
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream);
}
