/** The command `doctor`: looks for damage in a store, and puts right what follows from its history. */
import { doctor } from '../../app/index.ts';
import { healthText, healthToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { healthCodes } from '../exit-code.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { progressBar } from '../progress-bar.ts';

interface DoctorFlags {
  readonly repair?: boolean;
  readonly artifacts?: string;
  readonly json?: boolean;
}

export const declareDoctor: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///run.db')
      .option('--repair', 'put right what follows from history; history is never changed')
      .option(
        '--artifacts <place>',
        'the folder or s3:// bucket with the artifacts of sessions; all bytes are read',
        notEmpty,
      ),
  )
    .addHelp(
      examples(
        'runlog doctor sqlite:///run.db',
        'runlog doctor sqlite:///run.db --repair',
        'runlog doctor sqlite:///sessions.db --artifacts ./artifacts',
      ),
    )
    .action(async (url: string, { repair = false, artifacts, json = false }: DoctorFlags) => {
      context.names = { url };
      const bar = progressBar(context);
      const report = await doctor(url, {
        repair,
        ...(artifacts === undefined ? {} : { artifacts }),
        signal: context.signal,
        onProgress: ({ phase, logId, events, ofEvents }) =>
          bar.show(`check ${phase} ${logId}`, events, ofEvents),
      }).finally(() => bar.clear());
      const { names, paint } = context;
      if (json) await printJson(context, healthToJson(report, { names }));
      else await printLines(context, healthText(report, { names, paint }));
      context.exitCode = healthCodes[report.state];
    });
};
