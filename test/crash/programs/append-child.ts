// Appends to run `a` for ever, and prints one line an acknowledged batch. Arguments: path of the store, first batch size.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { openSqliteStore } from '../../../src/adapters/stores/sqlite/index.ts';
import { eventIdAt } from '../../../src/base/index.ts';
import type { EventRow } from '../../../src/log/index.ts';

const [path = '', firstSize = '1'] = process.argv.slice(2);
const createdAt = '2026-01-01T00:00:00Z';

function rowAt(seq: number): EventRow {
  return {
    id: eventIdAt(seq),
    type: 'thing.happened',
    payload: `{"n":${seq},"text":"${'x'.repeat((seq * 37) % 900)}"}`,
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: createdAt,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}

const store = await openSqliteStore({ path, mode: 'create', warn: () => undefined });
if ((await store.info('a')) === undefined)
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
const { epoch } = await store.acquire('a');
writeSync(1, `epoch ${epoch}\n`);
let { seq } = await store.head('a');
for (let size = Number(firstSize); ; size = (size * 7 + 3) % 97) {
  const events = Array.from({ length: size + 1 }, (_, index) => rowAt(seq + 1 + index));
  const record = {
    kind: 'progress',
    id: 'a',
    expectedVersion: 'any',
    value: `${seq + events.length}`,
  } as const;
  const [head] = await store.commit([{ logId: 'a', expected: seq, epoch, events }], [record]);
  seq += events.length;
  // Written at once: a line that is still in this process when it dies was never an acknowledgement.
  writeSync(1, `ack ${head?.seq} ${head?.hash}\n`);
}
