// A PostgreSQL server whose disk is full: the commit is refused by name and nothing of it is there, and when there is room again
// the store goes on without being opened anew. The disk is a small file system in memory (Linux; root or user namespaces).
import { expect, test } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import type { EventRow } from '../../src/log/index.ts';
import { sampleRows } from '../conformance/sqlite-scratch.ts';
import { sql } from '../harness/postgres/scratch-schema.ts';
import { startServerOnDisk } from '../harness/postgres/scratch-server.ts';

/** A megabyte that does not get smaller, in every event. */
function largeRows(first: number, count: number): EventRow[] {
  return sampleRows(first, count).map((row, index) => {
    const words = Array.from({ length: 60_000 }, (_, at) =>
      ((first + index) * 7919 + at * 104_729).toString(36),
    );
    return { ...row, payload: JSON.stringify({ words: words.join(' ') }) };
  });
}

test('a full disk refuses a commit as a whole, and the store goes on when there is room', async () => {
  const server = await startServerOnDisk('56m', 'autovacuum=off', 'checkpoint_timeout=1h');
  try {
    const store = await openPostgresStore({ url: server.url, mode: 'create' });
    await store.create({ id: 'a', kind: 'run', label: null, createdAt: 'now' });
    await sql(
      'CREATE TABLE filler AS SELECT repeat(n::text, 200) FROM generate_series(1, 10000) AS n',
      [],
      server.url,
    );
    let seq = 0;
    let refusal: unknown = null;
    while (refusal === null) {
      try {
        await store.commit([{ logId: 'a', expected: seq, epoch: null, events: largeRows(seq + 1, 4) }]);
        seq += 4;
      } catch (error) {
        refusal = error;
      }
    }
    expect(refusal).toMatchObject({ code: 'store-unavailable-error', context: { reason: 'full' } });
    expect(seq).toBeGreaterThan(0);
    expect((await store.head('a')).seq).toBe(seq);
    await sql('DROP TABLE filler', [], server.url);
    await store.commit([{ logId: 'a', expected: seq, epoch: null, events: largeRows(seq + 1, 4) }]);
    const stored: number[] = [];
    for await (const page of store.read('a')) stored.push(...page.map((event) => event.seq));
    expect(stored).toEqual(Array.from({ length: seq + 4 }, (_, index) => index + 1));
    await store.close();
  } finally {
    await server.end();
  }
});
