// The samples of the errors of files that events are moved in: see error-samples.ts.
import { damagedExport } from '../src/migrate/jsonl/errors.ts';
import { unreadableFile } from '../src/app/migrate/import-file.ts';
import type { ErrorPage } from './error-page.ts';

export const interchangeErrorPages: Readonly<Record<string, ErrorPage>> = {
  DamagedExportError: {
    meaning:
      'A file of events is not what `runlog export-trace --format jsonl` writes, or not all of it. The line is in `context.line`, and nothing of its run was stored.',
    sample: () =>
      damagedExport({
        location: 'demo.jsonl',
        line: 18,
        reason: "event 'evt_017' was altered: its chain hash does not belong to it",
        runId: 'run_x',
      }),
  },
  ImportFileError: {
    meaning:
      'A file that was to be imported cannot be read. `context.reason` is `missing` when it is not there; a command ends with 3 then.',
    sample: () =>
      unreadableFile(
        'demo.jsonl',
        Object.assign(new Error("ENOENT: no such file or directory, open 'demo.jsonl'"), { code: 'ENOENT' }),
      ),
  },
};
