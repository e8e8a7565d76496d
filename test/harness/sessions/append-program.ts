// Appends to many sessions of a SQLite file at once, one event after the other in each, and prints how long it waited for each.
// Argument: `AppendOrder` as JSON. It begins when a line comes in.
import { once } from 'node:events';
import process from 'node:process';
import { openSessionStore, systemMint } from '../../../src/app/sessions/open-session-store.ts';
import { newSessionEvent } from '../../../src/sessions/index.ts';
import { readAppendOrder, sessionIdOf } from './many-writers.ts';

const { path, writer, sessions, events } = readAppendOrder(process.argv[2] ?? '');
const store = await openSessionStore(path, { mode: 'write' });
process.stdout.write('ready\n');
await once(process.stdin, 'data');

const waitsMs: number[] = [];
async function append(session: number): Promise<void> {
  const sessionId = sessionIdOf(session);
  for (let number = 1; number <= events; number += 1) {
    const event = newSessionEvent({ type: 'message_sent', sessionId, data: { writer, number } }, systemMint);
    const began = performance.now();
    await store.appendEvent(event);
    waitsMs.push(performance.now() - began);
  }
}
await Promise.all(Array.from({ length: sessions }, (_, session) => append(session)));
await store.close();
process.stdout.write(`${JSON.stringify(waitsMs)}\n`);
process.stdin.destroy();
