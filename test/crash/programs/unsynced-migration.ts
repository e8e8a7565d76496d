// Migrates one store into another; from the first page of the last run on the disk does not sync. Prints what it was told.
// Arguments: the two URLs, and the path of the sign that makes syncing fail.
import { writeFileSync, writeSync } from 'node:fs';
import process from 'node:process';
import { migrateStore } from 'runlog';
import { isStructuredError } from 'runlog/base';

const [from = '', to = '', sign = ''] = process.argv.slice(2);
try {
  const { ok } = await migrateStore(from, to, {
    onProgress: ({ run, runs }) => {
      if (run === runs) writeFileSync(sign, '');
    },
  });
  writeSync(1, `ok ${ok}\n`);
} catch (error) {
  writeSync(1, `refused ${isStructuredError(error) ? error.code : String(error)}\n`);
}
