// Takes run `a` over, sends its last batch again, and appends to it for ever; prints one line for each acknowledgement. Arguments:
// where the store is, first batch size.
import { writeSync } from 'node:fs';
import process from 'node:process';
import {
  createdAt,
  openStorm,
  stormBatch,
  stormDocument,
  stormPayload,
  stormPlace,
  stormRun,
} from './storm-batch.ts';

const [place = '', firstSize = '1'] = process.argv.slice(2);

/** Written at once: a line that is still in this process when it dies was never an acknowledgement. */
function say(...words: readonly unknown[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

const store = await openStorm(stormPlace.parse(JSON.parse(place)));
if ((await store.info(stormRun)) === undefined)
  await store.create({ id: stormRun, kind: 'run', label: null, createdAt });
const { epoch } = await store.acquire(stormRun);
const found = await store.head(stormRun);
say('epoch', epoch);

for await (const page of store.read(stormRun, { after: Math.max(0, found.seq - 1) })) {
  for (const { payload } of page) {
    const { first, size } = stormPayload.parse(JSON.parse(payload));
    const events = stormBatch(first, size);
    const [head] = await store.commit([{ logId: stormRun, expected: first - 1, epoch, events }]);
    say(head?.hash === found.hash ? 'same' : 'changed', head?.seq);
  }
}

let { seq } = found;
for (let size = Number(firstSize); ; size = (size * 7 + 3) % 97) {
  const events = stormBatch(seq + 1, size + 1);
  const record = { ...stormDocument, expectedVersion: 'any', value: String(seq + events.length) } as const;
  const [head] = await store.commit([{ logId: stormRun, expected: seq, epoch, events }], [record]);
  seq += events.length;
  say('ack', head?.seq, head?.hash);
}
