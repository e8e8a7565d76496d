// Decides which tests exist: one project for each kind, told apart by folder.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { readSubpaths } from './scripts/subpaths.ts';

const second = 1000;

/** Times are what a hang is told by, on a machine that is ten times slower than usual. */
function project(name: string, include: string, testTimeoutMs: number, globalSetup: string[] = []) {
  return {
    extends: true as const,
    test: { name, include: [include], testTimeout: testTimeoutMs, hookTimeout: testTimeoutMs, globalSetup },
  };
}

/** For projects whose tests need a PostgreSQL server: one for the whole run, started here and ended with it. */
const postgres = ['test/harness/postgres/global-setup.ts'];

/** For tests that start and kill programs of their own, again and again. */
const programs = ['test/harness/built-programs/global-setup.ts'];

// A test that imports `runlog/log` means the source, not the last build; one that imports `runlog` has its runs verified too.
const alias = readSubpaths().map(({ specifier, source }) => ({
  find: new RegExp(`^${specifier}$`),
  replacement: resolve(specifier === 'runlog' ? 'test/harness/witnessed-runlog.ts' : source),
}));

export default defineConfig({
  resolve: { alias },
  test: {
    // One more than cores: a test that waits for a program, a disk or a server leaves its own to others.
    maxWorkers: availableParallelism() + 1,
    environment: 'node',
    pool: 'forks',
    // A worker loads the sources once and not for each file: four fifths of the time went there. Tests share no state of modules.
    isolate: false,
    // What a test leaves is swept seldom, and nearly all of it is dead by then: a tenth of the time went there.
    execArgv: ['--max-semi-space-size=64'],
    // Programs that tests start again and again are compiled once.
    env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compile') },
    passWithNoTests: true,
    setupFiles: ['test/harness/verify-after-each.ts'],
    reporters: ['default'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['**/*.test.ts', '**/*.gen.ts'] },
    projects: [
      project('unit', 'src/**/*.test.ts', 60 * second),
      project('architecture', 'test/architecture/**/*.test.ts', 60 * second),
      project('property', 'test/property/**/*.test.ts', 300 * second, postgres),
      project('conformance', 'test/conformance/**/*.test.ts', 300 * second, postgres),
      project('scenario', 'test/scenarios/**/*.test.ts', 60 * second),
      project('golden', 'test/golden/**/*.test.ts', 60 * second),
      project('crash', 'test/crash/**/*.test.ts', 600 * second, [...postgres, ...programs]),
      project('e2e', 'test/e2e/**/*.test.ts', 300 * second, postgres),
      project('s3', 'test/s3/**/*.test.ts', 600 * second, ['test/harness/s3/global-setup.ts']),
      project('docs', 'test/docs/**/*.test.ts', 300 * second, postgres),
      project('package', 'test/package/**/*.test.ts', 300 * second),
      // With real programs of vendors, which `./dev test:agents` puts in place; not part of `./dev test`.
      project('agents', 'test/agents/**/*.test.ts', 300 * second, postgres),
    ],
  },
});
