/** Decides what a new pack begins with: a package of JavaScript modules whose test passes before anything is changed. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { checkArguments, shellWord, version } from '../../base/index.ts';
import { makeFolder } from '../../host/index.ts';
import { outputFailed } from '../output-file.ts';
import { texts } from './template.gen.ts';

/** A package that was made: its folder, and its files in it. */
export interface NewPack {
  readonly folder: string;
  readonly files: readonly string[];
  /** What to type in the folder first: it takes runlog from where it is, because it is in no registry. */
  readonly install: string;
}

/** True for what a package may be called that a pack is made of. */
export function isPackName(name: string): boolean {
  return typeof name === 'string' && name.length <= 100 && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name);
}

/**
 * Makes the package `name` in a folder of its own under `where`. Rejects with `OutputFileError` when the folder is there already or
 * cannot be written, and leaves nothing then.
 */
export async function newPack(name: string, where = '.'): Promise<NewPack> {
  checkArguments('newPack', { name: [name, 'text'], where: [where, 'text'] });
  const folder = join(where, name);
  try {
    makeFolder(resolve(where));
    mkdirSync(folder);
  } catch (cause) {
    throw outputFailed(
      folder,
      cause,
      `Choose another name or place: \`runlog pack new ${name} -o ELSEWHERE\`.`,
    );
  }
  const names = { name, module: name.replaceAll('-', '_'), runlog: version };
  const files = Object.entries(texts).map(([path, text]) => ({
    path: path.replace(/^template\//, '').replace(/\.template$/, ''),
    text: text.replaceAll(/\{\{(name|module|runlog)\}\}/g, (_, key: keyof typeof names) => names[key]),
  }));
  try {
    for (const { path, text } of files) {
      makeFolder(dirname(join(folder, path)));
      writeFileSync(join(folder, path), text, { flag: 'wx' });
    }
  } catch (cause) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // What is left is in the way of the next one, who is told.
    }
    throw outputFailed(folder, cause);
  }
  return { folder, files: files.map(({ path }) => path), install: installLine(resolve(folder)) };
}

/** Leaves the package as it is: a path of this machine is nothing to publish. */
function installLine(folder: string): string {
  const door = createRequire(import.meta.url).resolve('runlog');
  return `npm install --no-save ${shellWord(relative(folder, dirname(dirname(door))))}`;
}
