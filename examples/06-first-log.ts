// Shows: a run is a log of events in a file. Who reads the file later finds the same events, and the same hash over them.
import { load, logicalClock, open } from 'runlog';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'runlog-example-'));
const file = join(folder, 'diary.db');

// A logical clock gives event n the time `start + n seconds`, so that this example has the same hash everywhere.
const clock = logicalClock('2026-01-01T00:00:00Z');
const diary = await open(file, { runId: 'diary', clock });
const woke = await diary.emit('day.began', { mood: 'sleepy' });
await diary.emit('coffee.made', { cups: 1 }, { causedBy: woke.id });
const written = await diary.head();
await diary.close();

const again = await load(file, { runId: 'diary' });
for await (const { seq, id, type, payload, causedBy, timestamp } of again.events())
  console.log(seq, id, type, payload, `<- ${causedBy ?? 'nothing'}`, timestamp);
const read = await again.head();
console.log(`${read.seq} events, the same hash: ${read.hash === written.hash}`);
await again.close();
rmSync(folder, { recursive: true });

// Prints:
// 1 evt_001 day.began { mood: 'sleepy' } <- nothing 2026-01-01T00:00:01Z
// 2 evt_002 coffee.made { cups: 1 } <- evt_001 2026-01-01T00:00:02Z
// 2 events, the same hash: true
