/** The commands `completion`, which prints a script for a shell, and `complete`, which that script calls when somebody presses Tab. */
import { Argument } from 'commander';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import type { TableEntry } from '../../table-entry.ts';

type Commands = readonly TableEntry[];

export const declareCompletion =
  (commands: Commands): DeclareCommand =>
  (command, context) => {
    command
      .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'fish', 'powershell', 'zsh']))
      .addHelpText(
        'after',
        examples(
          'source <(runlog completion zsh)',
          'source <(runlog completion bash)',
          'runlog completion fish > ~/.config/fish/completions/runlog.fish',
        ),
      )
      .action(async (shell: string) => {
        const { completionOf } = await import('../../completion.ts');
        (await completionOf(commands, context)).setup('runlog', 'runlog', shell);
      });
  };

export const declareComplete =
  (commands: Commands): DeclareCommand =>
  (command, context) => {
    command.argument('[words...]').action(async (words: string[]) => {
      const { completionOf } = await import('../../completion.ts');
      (await completionOf(commands, context)).parse(words);
    });
  };
