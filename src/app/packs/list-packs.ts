/** Decides which packs can be had: the shipped one, and the packages of this folder that say they are one (`runlog-pack` among their keywords). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { version } from '../../base/index.ts';

/** A pack that can be imported. */
export interface AvailablePack {
  readonly name: string;
  readonly version: string;
  /** What a program imports. */
  readonly entry: string;
}

const manifest = z.looseObject({
  version: z.string().default(''),
  keywords: z.array(z.string()).default([]),
  dependencies: z.record(z.string(), z.unknown()).default({}),
  devDependencies: z.record(z.string(), z.unknown()).default({}),
});

/** In the order of their names. A folder without a package.json has the shipped one alone. */
export async function listPacks(folder = '.'): Promise<readonly AvailablePack[]> {
  const shipped = { name: 'diligence', version, entry: 'runlog/packs/diligence' };
  const own = await manifestOf(folder);
  const names = own === null ? [] : Object.keys({ ...own.dependencies, ...own.devDependencies });
  const found = await Promise.all(
    names.map(async (name) => {
      const installed = await manifestOf(join(folder, 'node_modules', name));
      const isPack = installed?.keywords.includes('runlog-pack') === true;
      return isPack ? [{ name, version: installed.version, entry: name }] : [];
    }),
  );
  return [shipped, ...found.flat()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** `null` where there is none, or none that can be read: what it would name is not a pack for sure. */
async function manifestOf(folder: string): Promise<z.output<typeof manifest> | null> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  } catch {
    return null;
  }
}
