// Forks run `busy` many times, each time at the last event that it finds; prints what it made. Arguments: URL of the store, count.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { forkRun, openStore } from '../../../src/app/index.ts';

const [url = '', count = '1'] = process.argv.slice(2);
const store = await openStore(url, { mode: 'write' });
for (let made = 0; made < Number(count); made += 1) {
  const { seq } = await store.head('busy');
  const atEvent = `evt_${String(seq).padStart(3, '0')}`;
  const { runId } = await forkRun(store, { runId: 'busy', atEvent, record: made % 2 === 0 });
  writeSync(1, `${JSON.stringify({ runId, seq })}\n`);
}
await store.close();
