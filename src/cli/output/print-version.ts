/** Decides how the version is told. Loaded alone: nothing of what a command needs is waited for. */
import { version } from '../../base/index.ts';
import type { Terminal } from '../terminal.ts';

export async function printVersion(terminal: Terminal): Promise<void> {
  await terminal.out(`runlog ${version}\n`);
}
