/**
 * Decides how long output is shown to a person: through the pager of the environment, which ends by itself where everything fits the
 * window. Programs, and people who ask for none, get the output as it is.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { commandWords } from './command-words.ts';
import { OutputClosed, type Terminal } from './terminal.ts';

/** A terminal behind a pager; `end` waits until the person has read. */
export interface Paged {
  readonly terminal: Terminal;
  end(): Promise<void>;
}

/** `less` shows colours, leaves what fits the window where it is, and does not clear the screen. */
const lessOptions = 'FRX';
/** A pager that fails behind so much was no wrong one: somebody has read in it. */
const keptCharacters = 65_536;

/** Begins with the first piece of output, so that an error alone is shown by no pager. */
export function paged(terminal: Terminal): Paged {
  const command = pagerOf(terminal.env);
  if (!terminal.isTty || terminal.hasKeyboard !== true || command === null)
    return { terminal, end: async () => undefined };
  let started: Promise<Pager | null> | null = null;
  return {
    terminal: {
      ...terminal,
      out: async (text) => {
        started ??= start(command, terminal);
        const pager = await started;
        await (pager === null ? terminal.out(text) : pager.write(text));
      },
    },
    end: async () => (await started)?.end(),
  };
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/man.html names PAGER; empty, or `cat`, is none. */
function pagerOf(env: Terminal['env']): readonly string[] | null {
  const words = commandWords(env['PAGER'] ?? 'less');
  const isNone = words === null || words.length === 0 || words.join(' ') === 'cat';
  return isNone || env['TERM'] === 'dumb' ? null : words;
}

interface Pager {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

function passOver(): void {
  return;
}

/** `null` when there is no such program. */
async function start([program = '', ...args]: readonly string[], terminal: Terminal): Promise<Pager | null> {
  const { env } = terminal;
  // Who reads in a pager interrupts a search of it, and not the program behind it.
  process.on('SIGINT', passOver);
  try {
    const child = spawn(program, args, {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...env, LESS: env['LESS'] ?? lessOptions },
    });
    await once(child, 'spawn');
    return child.stdin === null ? null : new ChildPager(child, child.stdin, terminal);
  } catch {
    process.off('SIGINT', passOver);
    // Not installed: then the output goes where it would have gone.
    return null;
  }
}

/** One that fails before much was shown was no pager: what it got is shown as it is, and so is what comes behind. */
class ChildPager implements Pager {
  readonly #input: Writable;
  readonly #plain: Terminal;
  readonly #closed: Promise<void>;
  /** What it got; `null` when it was too much to be kept. */
  #kept: string | null = '';
  #state: 'open' | 'left' | 'failed' | 'replaced' = 'open';

  constructor(child: ChildProcess, input: Writable, plain: Terminal) {
    this.#input = input;
    this.#plain = plain;
    this.#closed = once(child, 'close').then(() => {
      this.#state = (child.exitCode ?? 0) === 0 ? 'left' : 'failed';
      process.off('SIGINT', passOver);
    });
    input.on('error', () => undefined);
  }

  async write(text: string): Promise<void> {
    if (this.#state === 'replaced') return this.#plain.out(text);
    if (this.#kept !== null)
      this.#kept = this.#kept.length + text.length > keptCharacters ? null : this.#kept + text;
    const cause = this.#state === 'open' ? await this.#handOver(text) : null;
    if (cause === undefined) return;
    await this.#closed;
    if (!(await this.#replace())) throw new OutputClosed('the pager was left', { cause });
  }

  async end(): Promise<void> {
    this.#input.end();
    await this.#closed;
    await this.#replace();
  }

  /** Resolves to what went wrong, or to `undefined`. */
  async #handOver(text: string): Promise<unknown> {
    return new Promise((resolve) => this.#input.write(text, (cause) => resolve(cause ?? undefined)));
  }

  async #replace(): Promise<boolean> {
    if (this.#state !== 'failed' || this.#kept === null) return false;
    this.#state = 'replaced';
    await this.#plain.out(this.#kept);
    return true;
  }
}
