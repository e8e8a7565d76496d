// Random damage: whatever is changed in a stored row, or in a byte of the file, is found or the file is refused. Never a crash, and
// never "whole" over history that is not.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { assert, asyncProperty, constantFrom, integer, nat, pre } from 'fast-check';
import { doctor, type DoctorReport, isStructuredError, open, openStore } from 'runlog';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkpointed, writeAt } from '../harness/store-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlog-damage-'));
const whole = join(folder, 'whole.db');
const copy = join(folder, 'copy.db');
let history: string;

beforeAll(async () => {
  const root = await open(whole, { runId: 'root', snapshots: { everyEvents: 1 } });
  await root.mutate((graph) => {
    for (let n = 0; n < 20; n += 1) graph.addObject('note', { n, text: 'x'.repeat(n * 10) });
  });
  await root.runUntilIdle();
  const fork = await root.fork({ atEvent: 'evt_020', runId: 'fork' });
  await fork.emit('note', { n: 'fork' });
  await fork.close();
  await root.close();
  checkpointed(whole);
  history = await historyOf(whole);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every event of every run, as texts. */
async function historyOf(path: string): Promise<string> {
  const store = await openStore(`sqlite:///${path}`, { mode: 'read' });
  try {
    const found: unknown[] = [];
    for (const { id, head, lineage } of await store.logs()) {
      found.push([id, head, lineage]);
      for await (const page of store.read(id, { hashes: true })) found.push(page);
    }
    return JSON.stringify(found);
  } finally {
    await store.close();
  }
}

async function examined(): Promise<DoctorReport | 'refused'> {
  return doctor(`sqlite:///${copy}`).catch((error: unknown) => {
    if (!isStructuredError(error)) throw error;
    return 'refused' as const;
  });
}

/** Columns of which the chain, or another row, says what they have to be. */
const proved: Readonly<Record<string, readonly string[]>> = {
  events: ['log', 'seq', 'type', 'payload', 'actor', 'caused_by', 'timestamp', 'hash', 'subject'],
  logs: ['log', 'id', 'kind', 'seq', 'hash', 'parent', 'fork_seq', 'fork_hash', 'lineage'],
  records: ['value'],
};
const places = Object.entries(proved).flatMap(([table, columns]) =>
  columns.map((column) => ({ table, column })),
);

/** The cell with one byte, or one bit, of it changed; `null` when there is nothing to change. */
function changed(cell: unknown, at: number, by: number): string | number | Uint8Array | null {
  if (typeof cell === 'number') return cell ^ (1 << (at % 8));
  if (cell instanceof Uint8Array)
    return cell.map((byte, index) => (index === at % cell.length ? byte ^ by : byte));
  if (typeof cell !== 'string' || cell === '') return null;
  const index = at % cell.length;
  const code = cell.charCodeAt(index);
  return `${cell.slice(0, index)}${String.fromCharCode(code < 0x80 ? code ^ (1 << (by % 7)) || 0x41 : 0x41)}${cell.slice(index + 1)}`;
}

/** False when the row takes no such change. */
function changeCell(place: { table: string; column: string }, row: number, at: number, by: number): boolean {
  const { table, column } = place;
  const only = table === 'records' ? "WHERE kind = 'snapshot-part'" : '';
  const database = new DatabaseSync(copy);
  try {
    const rows = database.prepare(`SELECT rowid AS row_id, ${column} AS cell FROM ${table} ${only}`).all();
    const chosen = rows[row % rows.length];
    const value = changed(chosen?.['cell'], at, by);
    if (value === null || value === chosen?.['cell']) return false;
    const done = database
      .prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE rowid = ?`)
      .run(value, Number(chosen?.['row_id']));
    return done.changes === 1;
  } finally {
    database.close();
  }
}

const number = nat(10_000);

test('a change of any cell that something proves is found', async () => {
  await assert(
    asyncProperty(
      constantFrom(...places),
      number,
      number,
      integer({ min: 1, max: 255 }),
      async (...drawn) => {
        copyFileSync(whole, copy);
        pre(changeCell(...drawn));
        const report = await examined();
        expect(report === 'refused' || report.findings.some(({ code }) => code !== 'owner-stale')).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test('a byte changed anywhere in the file is found, or the file is refused, or history is what it was', async () => {
  const size = readFileSync(whole).length;
  await assert(
    asyncProperty(nat(size - 1), integer({ min: 1, max: 255 }), async (offset, by) => {
      copyFileSync(whole, copy);
      writeAt(copy, offset, Buffer.from([(readFileSync(whole)[offset] ?? 0) ^ by]));
      const report = await examined();
      if (report === 'refused' || report.state !== 'whole') return;
      expect(await historyOf(copy)).toBe(history);
    }),
    { numRuns: 150 },
  );
});

test('repairing never changes an event, whatever was damaged', async () => {
  const eventsOf = (): unknown => {
    const database = new DatabaseSync(copy);
    const rows = database
      .prepare(
        'SELECT log, seq, id, type, payload, actor, caused_by, timestamp, hash FROM events NOT INDEXED',
      )
      .all();
    database.close();
    return rows;
  };
  await assert(
    asyncProperty(
      constantFrom(...places),
      number,
      number,
      integer({ min: 1, max: 255 }),
      async (...drawn) => {
        copyFileSync(whole, copy);
        pre(changeCell(...drawn));
        const before = eventsOf();
        const report = await doctor(`sqlite:///${copy}`, { repair: true });
        expect(eventsOf()).toEqual(before);
        expect(['whole', 'damaged']).toContain(report.state);
      },
    ),
    { numRuns: 60 },
  );
});
