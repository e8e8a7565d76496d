/** The command `import`: takes runs from a file of events into a store. */
import process from 'node:process';
import { type ImportReport, importFile } from '../../app/index.ts';
import { importText, importToJson } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { notEmpty, takesJson } from '../option-values.ts';
import { printJson, printLines } from '../print.ts';
import { progressBar } from '../progress-bar.ts';

interface ImportFlags {
  readonly to: string;
  readonly json?: boolean;
}

export const declareImport: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<file>', 'what export-trace --format jsonl has written; - for standard input')
      .requiredOption('--to <url>', 'the store to write; made when it is not there', notEmpty),
  )
    .addHelpText(
      'after',
      examples(
        'runlog import demo.jsonl --to sqlite:///new.db',
        'cat a.jsonl b.jsonl | runlog import - --to sqlite:///new.db',
      ),
    )
    .action(async (file: string, { to, json = false }: ImportFlags) => {
      context.names = { url: to };
      const bar = progressBar(context);
      const report = await importFile(file === '-' ? process.stdin : file, to, {
        name: 'standard input',
        signal: context.signal,
        onProgress: ({ runId, run, phase, events, ofEvents }) =>
          bar.show(`${phase} ${run} ${runId}`, events, ofEvents),
      }).finally(() => bar.clear());
      if (json) await printJson(context, importToJson(report));
      else await printLines(context, importText(report));
      context.exitCode = exitCodeOf(report, context);
    });
};

function exitCodeOf({ ok, refused, runs }: ImportReport, { exitCode }: CliContext): number {
  if (ok) return exitCode;
  if (refused.length > 0) return exitCodes.damaged;
  return runs.some(({ status }) => status === 'conflict') && !runs.some(({ status }) => status === 'failed')
    ? exitCodes.conflict
    : exitCodes.failed;
}
