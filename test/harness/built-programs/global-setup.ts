// Decides when programs of tests are built: once for the whole run, before the tests that start them.
import type { TestProject } from 'vitest/node';
import { buildPrograms } from './build-programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with what was built of `test/crash/programs` and others. */
    readonly builtPrograms: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('builtPrograms', await buildPrograms());
}
