// A migration that is asked to stop in the middle: it hears that soon, leaves no run by halves, and goes on when it is called again.
import { join } from 'node:path';
import { migrateStore, openStore } from 'runlog';
import { expect, it, describe } from 'vitest';
import { databaseOf } from './activegraph-places.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { createdAt, sampleRows, scratchFolder } from './sqlite-scratch.ts';

const scratchSqlite = (): string => `sqlite:///${join(scratchFolder(), 'to.db')}`;

/** A small run `a`, and a run `b` of many pages. */
async function longStore(): Promise<string> {
  const url = `sqlite:///${join(scratchFolder(), 'from.db')}`;
  const store = await openStore(url);
  for (const [id, events] of [
    ['a', 10],
    ['b', 10_000],
  ] as const) {
    await store.create({ id, kind: 'run', label: null, createdAt });
    await store.commit([{ logId: id, expected: 0, epoch: null, events: sampleRows(1, events) }]);
  }
  await store.close();
  return url;
}

// From one SQLite file to another the proof is part of the copy.
describe.each([
  ['SQLite', scratchSqlite, ['copy']],
  ['PostgreSQL', scratchUrl, ['copy', 'verify']],
] as const)('on the way to %s', (_name, urlOf, phases) => {
  it.each(phases)('a signal in the middle of the phase %s is heard', async (at) => {
    const [from, to] = [await longStore(), urlOf()];
    const controller = new AbortController();
    let pages = 0;
    const report = await migrateStore(from, to, {
      signal: controller.signal,
      onProgress: ({ runId, phase }) => {
        if (runId !== 'b' || phase !== at) return;
        pages += 1;
        // As a signal of the operating system comes: in a turn of its own.
        if (pages === 2) setImmediate(() => controller.abort(new Error('enough')));
      },
    });
    expect(pages).toBeLessThanOrEqual(3);
    expect(report).toMatchObject({ ok: false, isStopped: true, runs: [{ runId: 'a', status: 'copied' }] });
    expect(report.runs).toHaveLength(1);
    const store = await openStore(to, { mode: 'read' });
    const whole = at === 'verify' ? 10_000 : undefined;
    expect((await store.info('b'))?.head.seq).toBe(whole);
    await store.close();
    const again = await migrateStore(from, to);
    expect(again).toMatchObject({ ok: true, isStopped: false });
    expect(again.runs.map(({ status }) => status)).toEqual([
      'present',
      at === 'verify' ? 'present' : 'copied',
    ]);
  });
});

it('a signal is heard while the runs of a foreign source are looked at', async () => {
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('enough')));
  const to = scratchSqlite();
  const moving = migrateStore(`sqlite:///${databaseOf('forks')}`, to, { signal: controller.signal });
  await expect(moving).rejects.toThrow('enough');
  await expect(openStore(to, { mode: 'read' })).rejects.toMatchObject({ code: 'store-not-found-error' });
});
