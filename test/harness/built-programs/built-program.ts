// Decides where a test finds what was built of one of its programs.
import { join } from 'node:path';
import { inject } from 'vitest';

/** Of `test/crash/programs/holder-child.ts` it is `holder-child`. */
export function builtProgram(name: string): string {
  return join(inject('builtPrograms'), `${name}.mjs`);
}
