// What a user's pool has to have for a copy: two stores that share a pool of one connection are refused, and never wait.
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { InvalidRuntimeConfiguration } from '../../src/base/index.ts';
import type { EventRow, LogCopy, LogStore, WholeLogStore } from '../../src/log/index.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { scratchSchema } from './postgres-scratch.ts';
import { append, createdAt, seqsOf } from './sqlite-scratch.ts';

/** Two stores on one pool; the first has run `a` of three events. */
async function pair(max: number): Promise<{ readonly from: WholeLogStore; readonly to: WholeLogStore }> {
  const pool = new Pool({ connectionString: serverUrl(), max });
  // Schemas are dropped first, which needs no connection of this pool.
  onTestFinished(() => pool.end());
  const [from, to] = await Promise.all(
    [scratchSchema(), scratchSchema()].map((schema) => openPostgresStore({ pool, schema, mode: 'create' })),
  );
  if (from === undefined || to === undefined) throw new Error('two were opened');
  await from.create({ id: 'a', kind: 'run', label: null, createdAt });
  await append(from, 0, 3);
  return { from, to };
}

async function* rowsOf(store: LogStore): AsyncGenerator<readonly EventRow[]> {
  for await (const page of store.read('a')) {
    const rows: EventRow[] = [];
    for (const { seq: _, hash: __, ...row } of page) rows.push(row);
    yield rows;
  }
}

function copyOf(id: string, pages: LogCopy['pages']): LogCopy {
  const log = { id, kind: 'run', label: null, createdAt } as const;
  return { log, parent: null, after: 0, epoch: null, replaces: null, pages, records: () => [] };
}

test('a copy within a pool of one connection is refused, and leaves nothing', async () => {
  const { from, to } = await pair(1);
  const refused = to.copyIn(copyOf('b', rowsOf(from)));
  await expect(refused).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
  await expect(refused).rejects.toThrow('max: 4');
  expect(await to.logs()).toEqual([]);
});

test('a pool of one connection takes a copy that comes from elsewhere, and other calls wait for their turn', async () => {
  const { from, to } = await pair(1);
  const rows: (readonly EventRow[])[] = [];
  for await (const page of rowsOf(from)) rows.push(page);
  async function* elsewhere(): AsyncGenerator<readonly EventRow[]> {
    yield* rows;
  }
  const [head, before] = await Promise.all([to.copyIn(copyOf('b', elsewhere())), from.head('a')]);
  expect([head.hash, await seqsOf(to, 'b')]).toEqual([before.hash, [1, 2, 3]]);
});

test('several copies at once within a pool of two connections all end', async () => {
  const { from, to } = await pair(2);
  const ids = ['b', 'c', 'd', 'e'];
  const heads = await Promise.all(ids.map((id) => to.copyIn(copyOf(id, rowsOf(from)))));
  expect(heads.map(({ seq }) => seq)).toEqual([3, 3, 3, 3]);
});
