/** Decides what a shell is offered when somebody presses Tab: the commands of the table with their options, told by a library. */
import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
import { Declaration } from './arguments/declaration.ts';
import { declareToLibrary } from './arguments/declare-to-library.ts';
import type { CliContext } from './cli-context.ts';
import type { TableEntry } from './table-entry.ts';

/** What prints a script for a shell, and what its script asks for. */
export type Completion = ReturnType<typeof tab>;

/** Loads every command, which only completing needs. */
export async function completionOf(
  commands: readonly TableEntry[],
  context: CliContext,
): Promise<Completion> {
  const program = new Command('runlog');
  for (const { name, summary, isHidden, load } of commands) {
    // The library adds both of its own.
    if (isHidden === true || name === 'completion') continue;
    const declaration = new Declaration();
    (await load())(declaration, context);
    declareToLibrary(program.command(name).description(summary), declaration);
  }
  return tab(program, { completionCommandName: 'completion' });
}
