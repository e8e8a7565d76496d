// The package as it is published: `ao-migrate` runs from the tarball with the dependencies that it declares and no others.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fixtureHome } from './legacy-home.ts';

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The folder of the package, as `npm install` leaves it. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-packed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'runlog'), { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(folder, filename),
    '-C',
    join(modules, 'runlog'),
    '--strip-components=1',
  ]);
  const { dependencies } = manifestOf(join(modules, 'runlog'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  return join(modules, 'runlog');
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

it('the packed ao-migrate makes the database of a home that has none', () => {
  const folder = installed();
  const home = fixtureHome('home-typical');
  const bin = join(folder, manifestOf(folder).bin['ao-migrate'] ?? '');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, '--json'], {
    env: { PATH: process.env['PATH'], HOME: home.path },
    cwd: home.path,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dbCreated: true, schemaVersion: 12, projects: { created: 7 } });
  expect(home.rows('goose_db_version')).toHaveLength(13);
});
