/** Decides what a relative path begins at, and how it is told that the folder in which a process works is not there any more. */
import { isAbsolute, resolve } from 'node:path';
import { InvalidRuntimeConfiguration } from '../base/index.ts';
import { presentFolder } from '../host/index.ts';

/** The whole of a path. Throws `InvalidRuntimeConfiguration` when the present folder is gone, and the path begins there. */
export function wholePath(path: string): string {
  if (isAbsolute(path)) return resolve(path);
  const folder = presentFolder();
  if (folder !== null) return resolve(folder, path);
  throw new InvalidRuntimeConfiguration({
    summary: 'the present folder is not there any more',
    whatFailed: `'${path}' was to be looked up from the present folder, and somebody has removed that.`,
    why: 'Where a file would go that is named from nowhere, nobody could say.',
    howToFix: 'Go into a folder that is there (`cd ~`), and run the command again.',
    context: { reason: 'no-present-folder', path },
  });
}
