import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { listPacks } from './list-packs.ts';

/** A folder with the texts of a package.json of its own and of those of installed packages. */
async function folderWith(own: string, installed: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runlog-packs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'package.json'), own);
  for (const [name, text] of Object.entries(installed)) {
    await mkdir(join(folder, 'node_modules', name), { recursive: true });
    await writeFile(join(folder, 'node_modules', name, 'package.json'), text);
  }
  return folder;
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await listPacks(folder)).map(({ name }) => name);

const onePack = '{"dependencies": {"reviews": "1"}}';

test('a dependency that is not installed is no pack', async () => {
  expect(await namesIn(await folderWith(onePack))).toEqual(['diligence']);
});

test('an installed package that spells its keywords as one text is no pack', async () => {
  const folder = await folderWith(onePack, { reviews: '{"keywords": "runlog-pack", "version": 1}' });
  expect(await namesIn(folder)).toEqual(['diligence']);
});

test.each(['', '{"dependencies": {', '[]', 'null'])(
  'a package.json of %j is refused by name',
  async (text) => {
    const folder = await folderWith(text);
    await expect(listPacks(folder)).rejects.toThrow(InvalidRuntimeConfiguration);
    await expect(listPacks(folder)).rejects.toThrow(`'${join(folder, 'package.json')}' was not taken`);
  },
);

test('a damaged package.json of an installed package is refused by name', async () => {
  const folder = await folderWith(onePack, { reviews: '{"keywords": ["runlog-pack"' });
  await expect(listPacks(folder)).rejects.toThrow(
    `'${join(folder, 'node_modules/reviews/package.json')}' was not taken`,
  );
});

test('a package.json that is a folder is refused with the reason', async () => {
  const folder = await folderWith(onePack);
  await rm(join(folder, 'package.json'));
  await mkdir(join(folder, 'package.json'));
  await expect(listPacks(folder)).rejects.toThrow('it cannot be read (EISDIR)');
});
