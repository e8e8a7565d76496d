// Decides what the build takes for the door of a room when another room comes in by it: a second copy of the same list of names.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const mark = '?inner';

/** What a build calls of a plugin; the bundler has no name for these alone. */
interface InnerDoors {
  readonly name: string;
  resolveId(source: string, importer: string | undefined): string | undefined;
  load(id: string): Promise<{ readonly code: string; readonly moduleType: 'ts' } | undefined>;
}

/**
 * A door that is built for itself is kept whole, and with it all that is behind it: whoever imports a name by it would be given a
 * chunk with the whole room. A door only hands on names, so that two of it are as good as one; of the inner one nothing is left.
 */
export function innerDoors(): InnerDoors {
  return {
    name: 'inner-doors',
    resolveId(source, importer) {
      const isDoor = source.startsWith('.') && source.endsWith('/index.ts');
      if (importer === undefined || !isDoor) return undefined;
      const from = importer.replace(mark, '');
      return from.endsWith('.d.ts') ? undefined : `${resolve(dirname(from), source)}${mark}`;
    },
    async load(id) {
      if (!id.endsWith(mark)) return undefined;
      return { code: await readFile(id.slice(0, -mark.length), 'utf8'), moduleType: 'ts' };
    },
  };
}
