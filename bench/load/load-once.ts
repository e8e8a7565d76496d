// One opening in a process of its own, so that its memory is not that of what came before. Arguments: the store's URL, the run.
// Prints one JSON line.
import process from 'node:process';
import { load, openStore } from '../../src/app/index.ts';

const [, , url = '', runId = ''] = process.argv;
const store = await openStore(url);
const start = performance.now();
const run = await load(store, { runId, snapshots: false });
const ms = performance.now() - start;
const peakMb = process.resourceUsage().maxRSS / 1024;
await run.close();
await store.close();
process.stdout.write(`${JSON.stringify({ ms, peakMb })}\n`);
