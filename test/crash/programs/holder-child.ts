// Opens a run, writes one event, says so, and holds the run until it is killed.
import { writeSync } from 'node:fs';
import { open } from '../../../src/app/index.ts';

const run = await open(process.argv[2], { runId: 'held' });
await run.emit('note', { text: 'mine' });
writeSync(1, 'holding\n');
setInterval(() => undefined, 60_000);
