/** Decides what a relative path begins at, and how it is told that the folder in which a process works is not there any more. */
import { isAbsolute, resolve } from 'node:path';
import process from 'node:process';
import { InvalidRuntimeConfiguration } from '../base/index.ts';

/** The folder in which this process works. Throws `InvalidRuntimeConfiguration` when somebody has removed it. */
export function presentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new InvalidRuntimeConfiguration({
      summary: 'the present folder is not there any more',
      whatFailed: 'A path was to be looked up from the present folder, and somebody has removed that.',
      why: 'Where a file would go that is named from nowhere, nobody could say.',
      howToFix: 'Go into a folder that is there (`cd ~`), and run the command again.',
      context: { reason: 'no-present-folder' },
      cause,
    });
  }
}

/** The whole of a path, looked up from the present folder. Throws as `presentFolder` does when the path needs it. */
export function wholePath(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(presentFolder(), path);
}
