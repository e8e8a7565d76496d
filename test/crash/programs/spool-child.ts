// Hands events to a pipeline whose store is away, for ever, and prints the id of each that was accepted. Argument: path of the spool.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { openFileSpool } from '../../../src/adapters/spool/file/index.ts';
import { openEventPipeline } from '../../../src/app/open-event-pipeline.ts';
import { flakyStore } from '../../harness/flaky-store.ts';

const store = flakyStore();
store.state = 'away';
const spool = await openFileSpool(process.argv[2] ?? '');
const pipeline = openEventPipeline(store, { whenAway: { spool } });
for (let count = 0; ; count += 1) {
  const raws = Array.from({ length: 1 + (count % 3) }, () => ({
    type: 'message_sent',
    data: { content: 'x'.repeat((count * 37) % 900), role: 'user' },
  }));
  const events = await pipeline.processBatch(raws, { sessionId: 's', runId: null });
  writeSync(1, `${events.map(({ id }) => id).join(' ')}\n`);
}
