/** Decides where the folders of the store are: below its root, each a folder of its own and no link to another place. */
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../../host/index.ts';
import { isAbsent, strangePlace } from './file-failure.ts';

/** The path of a folder below the root, made where it is missing. Rejects for a link, wherever it leads. */
export async function madeFolder(root: string, ...names: readonly string[]): Promise<string> {
  let path = root;
  for (const name of names) {
    const parent = path;
    path = join(parent, name);
    if (await isFolder(root, path)) continue;
    // Another process may have made it meanwhile.
    makeFolder(path);
    await syncFolder(parent);
    await isFolder(root, path);
  }
  return path;
}

/** The same for a folder that nobody has to make; `null` when it is not there. */
export async function foundFolder(root: string, ...names: readonly string[]): Promise<string | null> {
  let path = root;
  for (const name of names) {
    path = join(path, name);
    if (!(await isFolder(root, path))) return null;
  }
  return path;
}

async function isFolder(root: string, path: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isDirectory()) return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  throw strangePlace(`file:${root}`, path);
}

/** A name in a folder is durable when the folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
