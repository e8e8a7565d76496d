/** Decides by which of two a command line is read: a plain one at once, every other by the library. Loaded for commands. */
import { Declaration } from './arguments/declaration.ts';
import { readPlainly } from './arguments/read-plainly.ts';
import type { CliContext } from './cli-context.ts';
import { commandPaint } from './output/command-paint.ts';
import type { TableEntry } from './table-entry.ts';

/** `meant` is the command that is named, if there is such. Rejects with `CommanderError` for what it cannot read. */
export async function carryOutCommand(
  argv: readonly string[],
  context: CliContext,
  meant: TableEntry | undefined,
): Promise<void> {
  context.paint = commandPaint(context.terminal);
  const declaration = meant === undefined ? undefined : await declared(meant, context);
  const [first, ...rest] = argv;
  const read =
    declaration === undefined || first !== meant?.name ? undefined : readPlainly(declaration, rest);
  if (declaration !== undefined && read !== undefined) {
    await Reflect.apply(declaration.act, undefined, [...read.values, read.flags]);
    return;
  }
  const { carryOutByLibrary } = await import('./arguments/library-command.ts');
  await carryOutByLibrary(argv, context, { meant, declaration });
}

async function declared(entry: TableEntry, context: CliContext): Promise<Declaration> {
  const declaration = new Declaration();
  (await entry.load())(declaration, context);
  return declaration;
}
