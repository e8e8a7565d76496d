// Decides how a test gets a PostgreSQL server of its own: a program beside it, which ends with whoever started it.
import { spawn } from 'node:child_process';
import { execPath, getuid } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ScratchServer {
  /** With name and password of an owner of everything. */
  readonly url: string;
  readonly port: number;
  /** `stop` in good order, `crash` as a loss of power, `kill -9` of the postmaster, `start` again on the same port. */
  tell(what: 'stop' | 'crash' | 'kill' | 'start'): Promise<void>;
  end(): Promise<void>;
}

const program = fileURLToPath(new URL('./server-program.ts', import.meta.url));

/** Settings are those of the server, such as `fsync=off`. Rejects, with what to install, when no server runs here. */
export async function startServer(...settings: readonly string[]): Promise<ScratchServer> {
  return startProgram(execPath, ['--disable-warning=ExperimentalWarning', program, ...settings], {});
}

/**
 * A server whose data is on a disk of this size, such as `64m`, and its write-ahead log elsewhere. Linux; as root, or where a user
 * may have namespaces.
 */
export async function startServerOnDisk(
  size: string,
  ...settings: readonly string[]
): Promise<ScratchServer> {
  const asUser = getuid?.() === 0 ? [] : ['--map-current-user', '--keep-caps'];
  const start = [execPath, '--disable-warning=ExperimentalWarning', program, ...settings];
  return startProgram('unshare', ['--mount', ...asUser, ...start], { RUNLOG_TEST_DISK: size });
}

async function startProgram(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ScratchServer> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own: what ends the tests by a signal to their group must leave time to tidy up.
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Readonly<Record<string, unknown>>> => {
    const line: IteratorResult<string, unknown> = await lines.next();
    const value: unknown = line.done === true ? {} : JSON.parse(line.value);
    const fields = typeof value === 'object' && value !== null ? { ...value } : {};
    if ('error' in fields) throw new Error(String(fields.error));
    if (line.done === true) throw new Error('The program of the PostgreSQL server has ended.');
    return fields;
  };
  const { url, port } = await answer();
  return {
    url: String(url),
    port: Number(port),
    tell: async (what) => {
      child.stdin.write(`${what}\n`);
      await answer();
    },
    end: async () => {
      child.stdin.end();
      await gone;
    },
  };
}
