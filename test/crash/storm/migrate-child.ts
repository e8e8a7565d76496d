// Moves the runs of one store to another once; says when it begins with a run, and when it is done. Arguments: the two URLs.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { migrateStore } from 'runlog';

const [from = '', to = ''] = process.argv.slice(2);
let present = '';
const report = await migrateStore(from, to, {
  onProgress: ({ runId, phase }) => {
    if (present === `${phase} ${runId}`) return;
    present = `${phase} ${runId}`;
    writeSync(1, `${present}\n`);
  },
});
process.exitCode = report.ok ? 0 : 1;
