// A hundred sessions on one SQLite file, and four processes that append to all of them at once: nothing is lost, nothing changes places.
// `./dev bench sessions` measures it with more events.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSessionStore } from '../../src/app/sessions/open-session-store.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { faultsOf, writeFromMany } from '../harness/sessions/many-writers.ts';

test('four processes append to a hundred sessions at once, and each event is there once and in its order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-many-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const order = { path: join(folder, 'sessions.db'), sessions: 100, events: 3 };
  const store = await openSessionStore(order.path);
  onTestFinished(() => store.close());
  const { waitsMs } = await writeFromMany(4, order, builtProgram('append-program'));
  expect(waitsMs).toHaveLength(4 * order.sessions * order.events);
  expect(await faultsOf(store, 4, order)).toEqual([]);
});
