/** Decides what of a stack is kept: the frames of people's code, under file names that no machine's folders are in. */

/** Longest traceback that is stored, in lines. */
const lineLimit = 20;

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly place: string;
}

/**
 * One line a frame, from where it was thrown to where the runtime called; who drives the run is no part of it, because a
 * resumed run is driven by somebody else. No frame of this package; those of the packs that ship with it count as people's.
 */
export function traceback(stack: unknown): string {
  const frames = framesOf(stack).filter(({ file }) => !file.startsWith('node:'));
  const first = frames.findIndex(({ file }) => !isOwn(file));
  if (first < 0) return '';
  const length = frames.slice(first).findIndex(({ file }) => isOwn(file));
  return frames
    .slice(first, length < 0 ? frames.length : first + length)
    .slice(0, lineLimit)
    .map(({ name, file, place }) => `at ${name} (${file.split(/[\\/]/).at(-1) ?? file}:${place})`)
    .join('\n');
}

function framesOf(stack: unknown): readonly Frame[] {
  const frames: Frame[] = [];
  for (const line of typeof stack === 'string' ? stack.split('\n') : []) {
    const frame = /^\s+at (?:async )?(?:(.+?) \()?(.+?):(\d+:\d+)\)?$/.exec(line);
    if (frame === null) continue;
    const [, name = '<anonymous>', file = '', place = ''] = frame;
    frames.push({ name, file, place });
  }
  return frames;
}

/** The folder that this package is loaded from, sources or built: whatever stands above the first `src` or `dist` around this file. */
const ownFolder = folderOf(framesOf(new Error('where this file is').stack)[0]?.file ?? '');

function folderOf(file: string): string | null {
  return /^.*[\\/](?:src(?=[\\/]runtime[\\/]invocation[\\/])|dist)(?=[\\/])/.exec(file)?.[0] ?? null;
}

function isOwn(file: string): boolean {
  if (ownFolder === null || !file.startsWith(ownFolder)) return false;
  return !/^[\\/](.+[\\/])?packs[\\/]/.test(file.slice(ownFolder.length)) && !/\.test\.\w+$/.test(file);
}
