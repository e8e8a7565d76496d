// Decides what is built: one ES module for each public subpath, and the entry of the command line.
import { existsSync } from 'node:fs';
import { build, defineConfig, type UserConfig } from 'tsdown';
import { type BuiltFile, planParts } from './scripts/parts/plan-parts.ts';
import { startsOf } from './scripts/parts/starts-of.ts';
import { innerDoors } from './scripts/parts/inner-doors.ts';
import { namedBuiltins } from './scripts/parts/named-builtins.ts';
import { readSubpaths } from './scripts/subpaths.ts';

const doors = readSubpaths().map(({ output, source }) => [output, source] as const);
const entries = [...doors, ['cli/main', 'src/cli/main.ts'] as const];

const code: UserConfig = {
  // A door that is missing is told by the check of the package, which names it.
  entry: Object.fromEntries(entries.filter(([, source]) => existsSync(source))),
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  outDir: 'dist',
  fixedExtension: false,
  // No module does anything when it is loaded: what of it nobody uses is not loaded.
  treeshake: { moduleSideEffects: false },
  plugins: [innerDoors(), namedBuiltins()],
  logLevel: 'warn',
};

export default defineConfig(async () => {
  const parts = planParts(...(await firstBuild()));
  return {
    ...code,
    clean: true,
    dts: true,
    sourcemap: true,
    inputOptions: { preserveEntrySignatures: 'allow-extension', experimental: { chunkOptimization: false } },
    outputOptions: {
      // Whoever reads it has the sources beside it; whoever runs it waits for every byte.
      comments: false,
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ debugName: 'parts', name: (module) => parts.get(module) ?? null }],
      },
    },
  };
});

/** Nothing is written of it: it says which modules are left, and who needs them. */
async function firstBuild(): Promise<Parameters<typeof planParts>> {
  const bundles = await build({
    ...code,
    config: false,
    write: false,
    dts: false,
    clean: false,
    inputOptions: { experimental: { chunkOptimization: false } },
  });
  const built: readonly BuiltFile[] = bundles
    .flatMap(({ chunks }) => chunks)
    .filter((chunk) => chunk.type === 'chunk');
  return [built, startsOf(built)];
}
