// A follower in a process of its own. Prints a line when it follows, and then one with the milliseconds at which it had each event.
// Arguments: the path of the store, the number of events.
import { argv, stdout } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';

const [, , path = '', count = ''] = argv;
const store = await openSqliteStore({ path, mode: 'write' });
const seen: number[] = [];
const following = (async () => {
  for await (const page of store.tail({ from: 'end' })) {
    for (const { event } of page.events) seen[event.seq - 1] = performance.timeOrigin + performance.now();
    if (seen.length >= Number(count)) break;
  }
})();
await setTimeout(300);
stdout.write('following\n');
await following;
stdout.write(`${JSON.stringify(seen)}\n`);
await store.close();
