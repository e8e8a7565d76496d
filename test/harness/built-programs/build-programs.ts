// Decides how the programs are built that tests start again and again, mostly to kill them: all at once, each with what it needs of the
// sources and of packages and nothing else. Reading the sources would take most of each of their lives.
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pid } from 'node:process';
import { build } from 'tsdown';
import { namedBuiltins } from '../../../scripts/parts/named-builtins.ts';

/** A file is named after its source; no two have the same name. */
const sources = [
  'test/crash/programs/*.ts',
  'test/crash/storm/*-child.ts',
  'test/crash/makers/*.ts',
  'test/harness/sessions/append-program.ts',
];

/** Always the same, so that what was compiled of a program once is found by the next test run. */
const folder = resolve('node_modules/.cache/programs');

/** Resolves to the folder where they are: `sqlite.mjs` of `makers/sqlite.ts`. */
export async function buildPrograms(): Promise<string> {
  const bundles = await build({
    config: false,
    entry: Object.fromEntries(sources.flatMap((pattern) => globSync(pattern)).map(named)),
    outDir: folder,
    clean: false,
    write: false,
    format: 'esm',
    platform: 'node',
    fixedExtension: true,
    dts: false,
    // As the package is built.
    treeshake: { moduleSideEffects: false },
    plugins: [namedBuiltins()],
    deps: { alwaysBundle: ['zod', 'pg', 'big.js'] },
    logLevel: 'error',
  });
  mkdirSync(folder, { recursive: true });
  const written = bundles.flatMap(({ chunks }) => chunks).filter((chunk) => chunk.type === 'chunk');
  for (const { fileName, code } of written) replace(join(folder, fileName), code);
  const names = new Set(written.map(({ fileName }) => fileName));
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name), { force: true });
  return folder;
}

function named(source: string): readonly [string, string] {
  return [basename(source, '.ts'), source];
}

/** Another test run may be reading it, and has built the same. */
function replace(path: string, code: string): void {
  if (textIn(path) === code) return;
  const fresh = `${path}.${pid}`;
  writeFileSync(fresh, code);
  renameSync(fresh, path);
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
