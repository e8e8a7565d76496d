// What a program without types hands in by mistake is refused in our words by every public function, but for those that say why not.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSubpaths } from '../../scripts/subpaths.ts';
import { unguarded } from './unguarded.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runlog-arguments-')));
const subpaths = readSubpaths().map(({ specifier }) => specifier);
const said = z.object({ called: z.number(), found: z.record(z.string(), z.string()) });

function callEverything(): z.infer<typeof said> {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/runlog'));
  symlinkSync(resolve('test/package/call-everything.ts'), join(folder, 'call-everything.ts'));
  const args = ['--disable-warning=ExperimentalWarning', '--preserve-symlinks-main', 'call-everything.ts'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args, JSON.stringify(subpaths)], {
    cwd: folder,
    encoding: 'utf8',
    // Some of these calls look for a home, or for programs.
    env: { HOME: folder, PATH: '' },
  });
  expect(status, stderr).toBe(0);
  return said.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

describe('a public function that is called with something else than it takes', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { called, found } = callEverything();
  const excepted = unguarded.flatMap(({ functions }) =>
    Object.entries(functions).flatMap(([subpath, names]) =>
      names.split(/\s+/).map((name) => `${subpath} ${name}`),
    ),
  );

  it('answers with an error of the catalogue', () => {
    const listed = new Set(excepted);
    expect(Object.entries(found).filter(([name]) => !listed.has(name))).toEqual([]);
  });

  it('is no exception without need, and none twice', () => {
    expect(excepted.filter((name) => found[name] === undefined)).toEqual([]);
    expect(excepted).toEqual([...new Set(excepted)]);
  });

  it('is one of many', () => {
    expect(called).toBeGreaterThan(500);
  });
});
