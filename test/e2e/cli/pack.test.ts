// `runlog pack`: the beginning of a pack passes its own test, and packs that are installed are found.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { type Workplace, workplace } from './workplace.ts';

/** As `npm install` leaves it: the packages that the new one names. */
function install(place: Workplace, folder: string): void {
  mkdirSync(place.path(`${folder}/node_modules`));
  symlinkSync(resolve('.'), place.path(`${folder}/node_modules/runlog`));
  symlinkSync(resolve('node_modules/zod'), place.path(`${folder}/node_modules/zod`));
}

describe('pack new', () => {
  test('makes a package whose test passes', async () => {
    const place = workplace();
    const { code, stdout } = await place.runlog(['pack', 'new', 'my-pack']);
    const home = relative(realpathSync(place.path('my-pack')), resolve('.'));
    expect([code, stdout]).toEqual([
      0,
      `created my-pack\nnext steps:\n  cd my-pack\n  npm install --no-save ${home}\n  npm test\n`,
    ]);
    install(place, 'my-pack');
    const output = execFileSync(process.execPath, ['--test'], {
      cwd: place.path('my-pack'),
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(output).toMatch(/pass 2\n.*fail 0\n/s);
  });

  test('leaves a folder that is there as it is', async () => {
    const place = workplace();
    mkdirSync(place.path('taken'));
    writeFileSync(place.path('taken/index.js'), 'mine');
    const { code, stderr } = await place.runlog(['pack', 'new', 'taken']);
    expect(code).toBe(1);
    expect(stderr).toContain("'taken' could not be written (EEXIST)");
    expect(readFileSync(place.path('taken/index.js'), 'utf8')).toBe('mine');
  });

  test.each([
    [['new']],
    [['new', 'My_Pack']],
    [['new', '../up']],
    [['new', '-x']],
    [['list', 'name']],
    [['make', 'a']],
  ])('is refused for %j', async (args) => {
    const place = workplace();
    expect((await place.runlog(['pack', ...args])).code).toBe(2);
    expect(existsSync(place.path('../up'))).toBe(false);
    expect(place.fingerprint()).toEqual({});
  });
});

test('pack list finds the shipped pack and those that are installed here', async () => {
  const place = workplace();
  expect((await place.runlog(['pack', 'list'])).stdout).toMatch(
    /^diligence +\d+\.\d+\.\d+ +runlog\/packs\/diligence\n$/,
  );
  await place.runlog(['pack', 'new', 'reviews', '-o', 'node_modules']);
  writeFileSync(place.path('package.json'), JSON.stringify({ dependencies: { reviews: '1', other: '1' } }));
  const { stdout } = await place.runlog(['pack', 'list', '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'diligence' },
    { name: 'reviews', version: '0.1.0', entry: 'reviews' },
  ]);
});
