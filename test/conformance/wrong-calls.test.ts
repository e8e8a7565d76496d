// A caller without types is refused in our words by every method of every store, and nothing is written for it.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { openMemoryStore, type SearchableStore } from '../../src/log/index.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { sha256 } from './memory-places.ts';
import { scratchSchema } from './postgres-scratch.ts';
import { append, createdAt, scratchFolder } from './sqlite-scratch.ts';
import { refusalOf, type WrongCall, wrongCallsOf } from './wrong-calls.ts';

const opened: Readonly<Record<string, () => Promise<SearchableStore>>> = {
  memory: async () => openMemoryStore({ sha256, nowMs: () => 0 }),
  SQLite: async () => openSqliteStore({ path: join(scratchFolder(), 'runs.db'), mode: 'create' }),
  PostgreSQL: async () => openPostgresStore({ url: serverUrl(), schema: scratchSchema(), mode: 'create' }),
};

async function storeIn(name: string): Promise<SearchableStore> {
  const store = await opened[name]?.();
  if (store === undefined) throw new Error(`no store ${name}`);
  onTestFinished(() => store.close());
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
  await append(store, 0, 1);
  return store;
}

const textOf = ({ name, args }: WrongCall): string =>
  `${name}(${args.map((value) => JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? '7n' : part))).join(', ')})`;

/** What a store that does not know what it was handed says of itself. */
const misleading = new Set([
  'store-unavailable-error',
  'damaged-history-error',
  'corrupted-event-payload-error',
]);

test.each(Object.keys(opened))(
  '%s refuses what it does not take, and writes nothing for it',
  async (name) => {
    const store = await storeIn(name);
    const before = [await store.logs(), await store.recordsBelow('')];
    const refused = wrongCallsOf(store).filter(({ isRefused }) => isRefused);
    expect(refused.length).toBeGreaterThan(100);
    for (const call of refused) {
      const refusal = await refusalOf(store, call);
      expect([textOf(call), refusal?.name]).toEqual([
        textOf(call),
        expect.stringMatching(/^Invalid(ArgumentType|EventError)$/),
      ]);
    }
    expect([await store.logs(), await store.recordsBelow('')]).toEqual(before);
  },
);

test.each(Object.keys(opened))('%s does not call itself broken for what it was handed', async (name) => {
  const store = await storeIn(name);
  const blamed: string[] = [];
  for (const call of wrongCallsOf(store)) {
    const refusal = await refusalOf(store, call).catch((error: unknown) => {
      throw new Error(`${textOf(call)} left something raw`, { cause: error });
    });
    if (refusal !== null && misleading.has(refusal.code)) blamed.push(`${textOf(call)}: ${refusal.code}`);
  }
  expect(blamed).toEqual([]);
});

test.each(Object.keys(opened))('%s reads from before the first place as from the first', async (name) => {
  const store = await storeIn(name);
  const found: number[] = [];
  for await (const page of store.read('a', { after: -3, before: Infinity }))
    found.push(...page.map(({ seq }) => seq));
  expect(found).toEqual([1]);
});
