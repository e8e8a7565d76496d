// Decides what is built: one ES module for each public subpath, and the entry of the command line.
import { existsSync } from 'node:fs';
import { defineConfig } from 'tsdown';
import { readSubpaths } from './scripts/subpaths.ts';

const doors = readSubpaths().map(({ output, source }) => [output, source] as const);
const entries = [...doors, ['cli/main', 'src/cli/main.ts'] as const];

export default defineConfig({
  // A door that is missing is told by the check of the package, which names it.
  entry: Object.fromEntries(entries.filter(([, source]) => existsSync(source))),
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  outDir: 'dist',
  clean: true,
  dts: true,
  sourcemap: true,
  fixedExtension: false,
  // No module does anything when it is loaded: what of it nobody uses is not loaded.
  treeshake: { moduleSideEffects: false },
  logLevel: 'warn',
});
