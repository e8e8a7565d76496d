// Law: a payload is the same text in every store that it is moved through, whatever JSON somebody put into it.
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, tuple } from 'fast-check';
import { exportTrace, migrate, openStore } from 'runlog';
import { type EventRow, type WholeLogStore, MemoryDatabase, openMemoryStore } from 'runlog/log';
import { expect, test } from 'vitest';
import { importRuns, logSource } from '../../src/migrate/index.ts';
import { dropSchema, schemaName, serverUrl } from '../harness/postgres/scratch-schema.ts';

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Spellings that a store which parses and prints would change. */
const values = [
  '1.0',
  '-0',
  '-0.0',
  '1e400',
  '1e-07',
  '1E+2',
  '12345678901234567890',
  '0.1000',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u00e9"',
  '"é"',
  '"e\u0301"',
  '"\u2028\u2029\ufeff"',
  '"😀"',
  '{"__proto__":{"a":1},"constructor":1}',
  '{"b":1,"a":2,"b":3}',
  '{"10":1,"2":2,"1":3}',
  '[ ]',
  '{ "spaced" :  1 }',
  '"\u009b2J"',
  '\n{\r\n"a":\t1}\n',
  'NaN',
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  `"${'x'.repeat(5000)}"`,
];

const payload = array(tuple(constantFrom('a', 'b', '', '__proto__', '1', 'é'), constantFrom(...values)), {
  maxLength: 6,
}).map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`);

const rowsOf = (payloads: readonly string[]): EventRow[] =>
  payloads.map((text, index) => ({
    id: `evt_${String(index + 1).padStart(3, '0')}`,
    type: 'note.added',
    payload: text,
    actor: 'user',
    causedBy: null,
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  }));

const memory = (id: string): WholeLogStore =>
  openMemoryStore({ sha256, nowMs: () => 0, database: new MemoryDatabase(id) });

async function payloadsOf(store: WholeLogStore): Promise<string[]> {
  const found: string[] = [];
  for await (const page of store.read('run')) found.push(...page.map((event) => event.payload));
  return found;
}

/** Where a run is moved to, and whether it goes straight there or through a file. */
const hop = tuple(constantFrom('memory', 'sqlite', 'postgres'), constantFrom('straight', 'file'));

/** From memory, from each kind of store to each, straight and then through files. */
const everyPair = (['straight', 'file'] as const).flatMap((way) =>
  ['memory', 'sqlite', 'sqlite', 'postgres', 'postgres', 'memory', 'postgres', 'sqlite', 'memory'].map(
    (kind): [string, typeof way] => [kind, way],
  ),
);

/** The file comes in pieces that do not end where lines do. */
async function moveTo(from: WholeLogStore, to: WholeLogStore, way: 'straight' | 'file'): Promise<void> {
  if (way === 'straight') {
    const source = logSource({ store: from, location: 'from' });
    expect(await migrate(source, to, { sha256, location: 'to' })).toMatchObject({ ok: true });
    return;
  }
  let text = '';
  await exportTrace(from, { runId: 'run', format: 'jsonl', write: async (piece) => void (text += piece) });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
  const report = await importRuns(chunks(), async () => to, { sha256, source: 'file', location: 'to' });
  expect(report).toMatchObject({ ok: true, refused: [] });
}

test('payloads are byte for byte the same after every way from store to store, straight and through files', async () => {
  await assert(
    asyncProperty(
      array(payload, { minLength: 1, maxLength: 8 }),
      array(hop, { minLength: 3, maxLength: 5 }),
      async (payloads, hops) => {
        const folder = mkdtempSync(join(tmpdir(), 'runlog-migration-'));
        const schemas: string[] = [];
        const open = async (kind: string): Promise<WholeLogStore> => {
          if (kind === 'memory') return memory(`memory ${stores.length}`);
          if (kind === 'sqlite') return openStore(`sqlite:///${join(folder, `${stores.length}.db`)}`);
          schemas.push(schemaName());
          return openStore(`${serverUrl()}?schema=${encodeURIComponent(schemas.at(-1) ?? '')}`);
        };
        const first = memory('first');
        const stores = [first];
        try {
          await first.create({ id: 'run', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
          await first.commit([{ logId: 'run', expected: 0, epoch: null, events: rowsOf(payloads) }]);
          let from: WholeLogStore = first;
          for (const [kind, way] of hops) {
            const to = await open(kind);
            stores.push(to);
            await moveTo(from, to, way);
            expect(await payloadsOf(to)).toEqual(payloads);
            expect(await to.head('run')).toEqual(await first.head('run'));
            from = to;
          }
        } finally {
          for (const store of stores) await store.close();
          rmSync(folder, { recursive: true });
          for (const schema of schemas) await dropSchema(schema);
        }
      },
    ),
    { numRuns: 15, examples: [[values.map((value) => `{"a": ${value}}`), everyPair]] },
  );
});
