// A program: one S3 server of its own on loopback, Ceph's RADOS gateway with its data in memory, in a folder that goes with it. It
// writes `{ endpoint }` or `{ error }` into the file that it is told, and ends when its standard input does, so that a killed test run leaves nothing.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, getuid, stdin } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { accessKeyId, secretAccessKey } from './credentials.ts';

const packages = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];
const folder = mkdtempSync(join(tmpdir(), 'runlog-s3-'));
const configuration = join(folder, 'ceph.conf');
const daemons: ChildProcess[] = [];
const run = promisify(execFile);

function isInstalled(): boolean {
  return ['radosgw', 'ceph-mon', 'ceph-osd', 'radosgw-admin'].every(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
  );
}

/** One apt-get for all: what is missing is asked of Debian, where this user may. */
function install(): void {
  if (isInstalled()) return;
  const how = `apt-get install -y ${packages.join(' ')}`;
  if (getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0)
    throw new Error(`The tests of S3 need a Ceph gateway, and it is not installed here: \`${how}\` as root.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, encoding: 'utf8' as const };
  spawnSync('apt-get', ['update'], options);
  const { status, stderr } = spawnSync(
    'apt-get',
    ['install', '-y', '--no-install-recommends', ...packages],
    options,
  );
  if (status !== 0 || !isInstalled())
    throw new Error(`The tests of S3 need a Ceph gateway, and \`${how}\` failed here: ${stderr.slice(-500)}`);
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    ports.push(typeof address === 'object' && address !== null ? address.port : 0);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

function configure(monitor: readonly [number, number]): void {
  for (const name of ['rgw', 'mon.a', 'osd.0', 'run']) mkdirSync(join(folder, name));
  const settings = {
    global: {
      fsid: randomUUID(),
      'mon host': `[v2:127.0.0.1:${monitor[0]},v1:127.0.0.1:${monitor[1]}]`,
      'ms bind ipv4': true,
      'public addr': '127.0.0.1',
      'cluster addr': '127.0.0.1',
      'auth cluster required': 'none',
      'auth service required': 'none',
      'auth client required': 'none',
      'osd pool default size': 1,
      'osd pool default min size': 1,
      'osd pool default pg num': 1,
      'osd pool default pgp num': 1,
      'osd pool default pg autoscale mode': 'off',
      'osd crush chooseleaf type': 0,
      'mon allow pool size one': true,
      'mon max pg per osd': 1000,
      'mon data': join(folder, 'mon.a'),
      'osd data': join(folder, 'osd.0'),
      'osd objectstore': 'memstore',
      'memstore device bytes': 2 ** 31,
      'run dir': join(folder, 'run'),
      'admin socket': join(folder, 'run', '$name.asok'),
      'pid file': join(folder, 'run', '$name.pid'),
      'log file': join(folder, '$name.log'),
      // The disk of the machine is not used; how full it is does not matter.
      'mon data avail crit': 1,
      'mon data avail warn': 2,
      keyring: join(folder, 'keyring'),
    },
    mon: { 'mon initial members': 'a' },
  };
  const sections = Object.entries(settings).map(([section, lines]) => {
    const rows = Object.entries(lines).map(([name, value]) => `${name} = ${String(value)}`);
    return [`[${section}]`, ...rows].join('\n');
  });
  writeFileSync(configuration, `${sections.join('\n')}\n`);
}

async function ceph(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout: output } = await run(program, args, {
    env: { ...process.env, CEPH_CONF: configuration },
    timeout: 60_000,
  });
  return output;
}

function startDaemon(program: string, ...args: readonly string[]): void {
  const output = openSync(join(folder, `${program}.out`), 'w');
  daemons.push(spawn(program, ['-c', configuration, ...args, '-f'], { stdio: ['ignore', output, output] }));
}

async function until(what: string, isReached: () => Promise<boolean>): Promise<void> {
  const lastMs = performance.now() + 60_000;
  while (!(await isReached().catch(() => false))) {
    const dead = daemons.find(({ exitCode }) => exitCode !== null);
    if (dead !== undefined || performance.now() > lastMs)
      throw new Error(`The Ceph gateway did not start (${what}); its words are: ${lastWords()}`);
    await setTimeout(100);
  }
}

function lastWords(): string {
  const outputs = ['ceph-mon.out', 'ceph-osd.out', 'radosgw.out'];
  return outputs
    .map((name) => {
      try {
        return readFileSync(join(folder, name), 'utf8').slice(-300);
      } catch {
        return '';
      }
    })
    .join(' ');
}

async function start(): Promise<string> {
  install();
  const [first = 0, second = 0, port = 0] = await freePorts(3);
  configure([first, second]);
  const keyring = join(folder, 'keyring');
  const map = join(folder, 'monmap');
  const fsid = /^fsid = (.+)$/m.exec(readFileSync(configuration, 'utf8'))?.[1] ?? '';
  await ceph('ceph-authtool', '-C', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  const all = ['mon', 'osd', 'mgr'].flatMap((name) => ['--cap', name, 'allow *']);
  await ceph('ceph-authtool', keyring, '--gen-key', '-n', 'client.admin', ...all);
  const addresses = `[v2:127.0.0.1:${first},v1:127.0.0.1:${second}]`;
  await ceph('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', addresses, '--clobber', map);
  await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
  startDaemon('ceph-mon', '-i', 'a');
  const osd = randomUUID();
  await Promise.all([
    ceph('ceph', 'osd', 'new', osd),
    ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd),
  ]);
  startDaemon('ceph-osd', '-i', '0');
  await until('storage', async () => (await ceph('ceph', 'osd', 'stat')).includes('1 up'));
  startDaemon(
    'radosgw',
    ...['-n', 'client.admin', '--ms-mon-client-mode=crc', '--auth-client-required=none'],
    `--rgw-frontends=beast endpoint=127.0.0.1:${port}`,
    `--rgw-data=${join(folder, 'rgw')}`,
  );
  const keys = [`--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`];
  await ceph('radosgw-admin', 'user', 'create', '--uid=t', '--display-name=t', ...keys);
  const endpoint = `http://127.0.0.1:${port}`;
  await until('gateway', async () => (await fetch(endpoint)).ok);
  return endpoint;
}

function end(): void {
  for (const daemon of daemons) daemon.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

process.on('exit', end);
stdin.on('end', () => process.exit());
stdin.resume();
try {
  answer({ endpoint: await start() });
} catch (error) {
  answer({ error: error instanceof Error ? error.message : String(error) });
}

/** Whole or not at all: it is read as soon as it is there. */
function answer(said: Readonly<Record<string, string>>): void {
  const [path = ''] = argv.slice(2);
  writeFileSync(`${path}.new`, JSON.stringify(said));
  renameSync(`${path}.new`, path);
}
