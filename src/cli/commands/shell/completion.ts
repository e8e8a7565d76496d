/** The commands `completion`, which prints a script for a shell, and `complete`, which that script calls when somebody presses Tab. */
import process from 'node:process';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import type { TableEntry } from '../../table-entry.ts';

type Commands = readonly TableEntry[];

export const declareCompletion =
  (commands: Commands): DeclareCommand =>
  (command, context) => {
    command
      .addArgument({ name: '<shell>', about: 'the shell', choices: ['bash', 'fish', 'powershell', 'zsh'] })
      .addHelp(
        examples(
          'source <(runlog completion zsh)',
          'source <(runlog completion bash)',
          'runlog completion fish > ~/.config/fish/completions/runlog.fish',
        ),
      )
      .action(async (shell: string) => {
        const { completionOf } = await import('../../completion.ts');
        const completion = await completionOf(commands, context);
        await context.terminal.out(printedBy(() => completion.setup('runlog', 'runlog', shell)));
      });
  };

export const declareComplete =
  (commands: Commands): DeclareCommand =>
  (command, context) => {
    command.argument('[words...]').action(async (words: string[]) => {
      const { completionOf } = await import('../../completion.ts');
      const completion = await completionOf(commands, context);
      await context.terminal.out(printedBy(() => completion.parse(words)));
    });
  };

/** The library prints by itself, and would not notice that nobody could take it. */
function printedBy(work: () => void): string {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  let printed = '';
  stdout.write = (text: string | Uint8Array): boolean => {
    printed += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  };
  try {
    work();
  } finally {
    stdout.write = write;
  }
  return printed;
}
