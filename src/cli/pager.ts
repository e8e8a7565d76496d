/**
 * Decides how long output is shown to a person: through the pager of the environment, which ends by itself where everything fits the
 * window. Programs, and people who ask for none, get the output as it is.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { OutputClosed, type Terminal } from './terminal.ts';

/** A terminal behind a pager; `end` waits until the person has read. */
export interface Paged {
  readonly terminal: Terminal;
  end(): Promise<void>;
}

/** `less` shows colours, leaves what fits the window where it is, and does not clear the screen. */
const lessOptions = 'FRX';

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
        started ??= start(command, terminal.env);
        const pager = await started;
        await (pager === null ? terminal.out(text) : pager.write(text));
      },
    },
    end: async () => (await started)?.end(),
  };
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/man.html names PAGER; empty, or `cat`, is none. */
function pagerOf(env: Terminal['env']): string | null {
  const command = (env['PAGER'] ?? 'less').trim();
  return command === '' || command === 'cat' || env['TERM'] === 'dumb' ? null : command;
}

interface Pager {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

function passOver(): void {
  return;
}

/** `null` when there is no such program. */
async function start(command: string, env: Terminal['env']): Promise<Pager | null> {
  const [program = '', ...args] = command.split(/\s+/);
  // Who reads in a pager interrupts a search of it, and not the program behind it.
  process.on('SIGINT', passOver);
  try {
    const child = spawn(program, args, {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...env, LESS: env['LESS'] ?? lessOptions },
    });
    await once(child, 'spawn');
    return child.stdin === null ? null : pagerOn(child, child.stdin);
  } catch {
    process.off('SIGINT', passOver);
    // Not installed: then the output goes where it would have gone.
    return null;
  }
}

function pagerOn(child: ChildProcess, input: Writable): Pager {
  let isClosed = false;
  const closed = once(child, 'close').then(() => {
    isClosed = true;
    process.off('SIGINT', passOver);
  });
  input.on('error', () => undefined);
  return {
    write: async (text) => {
      if (isClosed) throw new OutputClosed('the pager was left');
      await new Promise<void>((resolve, reject) => {
        input.write(text, (cause) => {
          if (cause === null || cause === undefined) resolve();
          else reject(new OutputClosed('the pager was left', { cause }));
        });
      });
    },
    end: async () => {
      input.end();
      await closed;
    },
  };
}
