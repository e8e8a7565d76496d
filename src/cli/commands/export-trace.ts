/** The command `export-trace`: the whole trace of a run, to the terminal or into a file. Reads only. */
import { exportTrace, type TraceFormat, writeOutputFile } from '../../app/index.ts';
import { clean } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesRun } from '../arguments/option-values.ts';
import { noteRun, printErrorLines, printNote, printText } from '../print.ts';

interface ExportFlags {
  readonly runId?: string;
  readonly format: TraceFormat;
  readonly output?: string;
  readonly force?: boolean;
  readonly untilDamage?: boolean;
}

export const declareExportTrace: DeclareCommand = (command, context) => {
  takesRun(command)
    .addOption({
      flags: '--format <format>',
      about: 'how to write it',
      choices: ['text', 'jsonl', 'events'],
      initial: 'text',
    })
    .option('-o, --output <file>', 'write a file instead of printing', notEmpty)
    .option('--force', 'replace the file when it is there')
    .option('--until-damage', 'of a damaged run, the events before the damage, as a run that ends there')
    .addHelp(
      examples(
        'runlog export-trace sqlite:///run.db',
        'runlog export-trace sqlite:///run.db --run-id demo --format jsonl -o demo.jsonl',
      ),
    )
    .action(
      async (url: string, { runId, format, output, force = false, untilDamage = false }: ExportFlags) => {
        const named = { ...(runId === undefined ? {} : { runId }), untilDamage };
        context.names = { url, ...(runId === undefined ? {} : { runId }) };
        const { signal, paint } = context;
        if (output === undefined) {
          const { info, isNewest, damage } = await exportTrace(url, {
            ...named,
            format,
            signal,
            paint,
            write: (text) => printText(context, text),
          });
          if (isNewest) await noteRun(context, info.id);
          if (damage !== null) await printErrorLines(context, [damageLine(info.head.seq, damage)]);
          return;
        }
        const { info, isNewest, damage } = await writeOutputFile(output, { force, storeUrl: url }, (write) =>
          exportTrace(url, { ...named, format, signal, write }),
        );
        const which = isNewest ? `run ${info.id} (created last)` : `run ${info.id}`;
        await printNote(context, `wrote ${info.head.seq} events of ${which} to ${output}`);
        if (damage !== null) await printErrorLines(context, [damageLine(info.head.seq, damage)]);
      },
    );
};

function damageLine(events: number, damage: string): string {
  return `the run is damaged behind event ${events}, and what is behind was left out: ${clean(damage)}`;
}
