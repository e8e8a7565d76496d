/** The command `pack`: makes the beginning of a pack, or lists those that can be had. */
import { isPackName, listPacks, newPack } from '../../../app/index.ts';
import { availablePacksText } from '../../../view/index.ts';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import { notEmpty, takesJson } from '../../arguments/option-values.ts';
import { printJson, printLines } from '../../print.ts';
import { usageError } from '../../usage-error.ts';

interface PackFlags {
  readonly output?: string;
  readonly json?: boolean;
}

export const declarePack: DeclareCommand = (command, context) => {
  takesJson(
    command
      .addArgument({ name: '<action>', about: 'what to do', choices: ['new', 'list'] })
      .argument('[name]', 'with new: what the package is called')
      .option(
        '-o, --output <folder>',
        'with new: where its folder is made; here when this is left out',
        notEmpty,
      ),
  )
    .addHelp(examples('runlog pack new my-pack', 'runlog pack list'))
    .action(async (action: string, name: string | undefined, { output, json = false }: PackFlags) => {
      if (action === 'list') {
        if (name !== undefined || output !== undefined)
          throw usageError('A name and --output go with new.', 'runlog pack', 'Leave them out.');
        const packs = await listPacks();
        if (json)
          await printJson(
            context,
            packs.map((each) => ({ ...each })),
          );
        else await printLines(context, availablePacksText(packs));
        return;
      }
      if (name === undefined || !isPackName(name))
        throw usageError(
          name === undefined ? 'The pack has no name.' : `'${name}' cannot be the name of a pack.`,
          'runlog pack',
          'Small letters, digits and single hyphens, beginning with a letter: `runlog pack new my-pack`.',
        );
      const { folder, files, install } = await newPack(name, output);
      if (json) await printJson(context, { folder, files: [...files] });
      else
        await printLines(context, [
          `created ${folder}`,
          'next steps:',
          `  cd ${folder}`,
          `  ${install}`,
          '  npm test',
        ]);
    });
};
