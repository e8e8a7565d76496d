// Reads which source file stands behind each public subpath of the package: the compiler's `paths` are the one list.
import { readFileSync } from 'node:fs';

export interface Subpath {
  /** As imported: `runlog/log`. */
  readonly specifier: string;
  /** As built: `log` for dist/log.js; the root is `index`. */
  readonly output: string;
  readonly source: string;
}

export function readSubpaths(): readonly Subpath[] {
  const { compilerOptions } = JSON.parse(readFileSync('tsconfig.json', 'utf8')) as {
    compilerOptions: { paths: Record<string, readonly [string]> };
  };
  return Object.entries(compilerOptions.paths).map(([specifier, [source]]) => ({
    specifier,
    output: specifier === 'runlog' ? 'index' : specifier.replace('runlog/', ''),
    source: source.replace('./', ''),
  }));
}
