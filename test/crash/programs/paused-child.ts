// Takes run `a`, appends an event, stops itself with SIGSTOP, and when it is woken appends another; prints what it was told.
// Arguments: where the store is, how long its lease lasts.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { isStructuredError } from 'runlog/base';
import { openStorm, stormBatch, stormPlace, stormRun } from '../storm/storm-batch.ts';

const [place = '', leaseMs = ''] = process.argv.slice(2);
const store = await openStorm(stormPlace.parse(JSON.parse(place)), Number(leaseMs));
const { epoch } = await store.acquire(stormRun);
const append = (seq: number) =>
  store.commit([{ logId: stormRun, expected: seq, epoch, events: stormBatch(seq + 1, 1) }]);
await append(0);
writeSync(1, `stops ${epoch}\n`);
process.kill(process.pid, 'SIGSTOP');
try {
  await append(1);
  writeSync(1, 'written\n');
} catch (error) {
  writeSync(1, `refused ${isStructuredError(error) ? error.code : String(error)}\n`);
}
await store.close();
