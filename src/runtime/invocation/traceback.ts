/** Decides what of a stack is kept: the frames of people's code, under file names that no machine's folders are in. */

/** Longest traceback that is stored, in lines. */
const lineLimit = 20;

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly place: string;
}

/** One line a frame; empty when nothing is left. No frame of this package, of the packs that ship with it yes. */
export function traceback(stack: unknown): string {
  return framesOf(stack)
    .filter(({ file }) => !isOwn(file) && !file.startsWith('node:'))
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
