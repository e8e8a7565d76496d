// Appends three batches to run `a`; while the second is committed the disk does not sync. Prints what it was told each time, and
// sends the second again. Arguments: path of the store, path of the sign that makes syncing fail.
import { rmSync, writeFileSync, writeSync } from 'node:fs';
import process from 'node:process';
import { isStructuredError } from 'runlog/base';
import { createdAt, openStorm, stormBatch, stormRun } from '../storm/storm-batch.ts';

const [path = '', sign = ''] = process.argv.slice(2);
const store = await openStorm({ kind: 'sqlite', path });
await store.create({ id: stormRun, kind: 'run', label: null, createdAt });

async function append(after: number): Promise<void> {
  try {
    const events = stormBatch(after + 1, 10);
    const [head] = await store.commit([{ logId: stormRun, expected: after, epoch: null, events }]);
    writeSync(1, `stored ${head?.seq}\n`);
  } catch (error) {
    writeSync(1, `refused ${isStructuredError(error) ? error.code : String(error)}\n`);
  }
}

await append(0);
writeFileSync(sign, '');
await append(10);
rmSync(sign);
await append(10);
await append(20);
// Killed, not closed: nothing is written in good order any more.
process.kill(process.pid, 'SIGKILL');
