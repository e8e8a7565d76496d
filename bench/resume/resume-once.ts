// One resume, measured in a process of its own, so that its memory is not that of what came before. Arguments: the store's
// URL, the run, and whether snapshots are used. Prints one JSON line.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { load, openStore } from '../../src/app/index.ts';

const [, , url = '', runId = '', how = ''] = process.argv;

const store = await openStore(url);
const before = process.cpuUsage();
const started = performance.now();
const run = await load(store, { runId, ...(how === 'snapshot' ? {} : { snapshots: false }) });
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const peakMb = process.resourceUsage().maxRSS / 1024;
const { seq } = await run.head();
const readStarted = performance.now();
run.graph.neighborhood('note#500', 2);
const firstReadMs = performance.now() - readStarted;
const readMb = process.resourceUsage().maxRSS / 1024;
await run.close();
await store.close();
process.stdout.write(
  `${JSON.stringify({ seq, ms, cpuMs: (user + system) / 1000, firstReadMs, peakMb, readMb })}\n`,
);
