/**
 * Scenario 32: migrated runs have the same events in the same order; again, nothing comes; a run whose writing fails leaves nothing of
 * itself, and the others come; each run is told of; what is not there in the end is not called ok.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrateStore, type MigrationReport, openStore } from 'runlog';
import type { EventRow, StoredEvent } from 'runlog/log';
import { eventIdAt } from 'runlog/base';
import { expect, onTestFinished, test } from 'vitest';

const createdAt = '2026-05-15T10:32:01Z';
const events = 8;

function rows(note: string): EventRow[] {
  return Array.from({ length: events }, (_, index) => ({
    id: eventIdAt(index + 1),
    type: 'note.added',
    payload: `{"note": "${note}", "n": ${index}.0}`,
    actor: 'user',
    causedBy: null,
    frameId: null,
    timestamp: createdAt,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  }));
}

interface Places {
  readonly from: string;
  readonly to: string;
  readonly toPath: string;
}

async function places(): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-32-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [from, toPath] = [`sqlite:///${join(folder, 'from.db')}`, join(folder, 'to.db')];
  const store = await openStore(from);
  for (const id of ['r1', 'r2', 'r3']) {
    await store.create({ id, kind: 'run', label: null, createdAt });
    await store.commit([{ logId: id, expected: 0, epoch: null, events: rows(id) }]);
  }
  await store.close();
  return { from, to: `sqlite:///${toPath}`, toPath };
}

async function runsOf(url: string): Promise<Readonly<Record<string, readonly StoredEvent[]>>> {
  const store = await openStore(url, { mode: 'read' });
  const found: Record<string, readonly StoredEvent[]> = {};
  for (const { id } of await store.logs()) {
    const read: StoredEvent[] = [];
    for await (const page of store.read(id, { hashes: true })) read.push(...page);
    found[id] = read;
  }
  await store.close();
  return found;
}

const told = ({ runs }: MigrationReport): unknown => runs.map(({ status, events: count }) => [status, count]);

test('events come in their order, all of them; again, none come and all is well', async () => {
  const { from, to } = await places();
  expect(told(await migrateStore(from, to))).toEqual([
    ['copied', 8],
    ['copied', 8],
    ['copied', 8],
  ]);
  expect(await runsOf(to)).toEqual(await runsOf(from));
  const again = await migrateStore(from, to);
  expect([again.ok, told(again)]).toEqual([
    true,
    [
      ['present', 0],
      ['present', 0],
      ['present', 0],
    ],
  ]);
});

test.each(Array.from({ length: events }, (_, index) => index + 1))(
  'when event %i of a run cannot be written, nothing of that run is there, and the others are',
  async (seq) => {
    const { from, to, toPath } = await places();
    await (await openStore(to)).close();
    const database = new DatabaseSync(toPath);
    database.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON events WHEN NEW.seq = ${seq} AND NEW.payload LIKE '%"r2"%'
        BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END`,
    );
    const report = await migrateStore(from, to);
    expect([report.ok, told(report)]).toEqual([
      false,
      [
        ['copied', 8],
        ['failed', 0],
        ['copied', 8],
      ],
    ]);
    expect(report.runs[1]?.problem).toContain('the disk is gone');
    const { r2, ...others } = await runsOf(from);
    expect(await runsOf(to)).toEqual(others);
    database.exec('DROP TRIGGER broken');
    database.close();
    expect((await migrateStore(from, to)).ok).toBe(true);
    expect(await runsOf(to)).toEqual({ ...others, r2 });
  },
);

test('progress names each run, and ends at its last event', async () => {
  const { from, to } = await places();
  const last = new Map<string, number>();
  await migrateStore(from, to, {
    onProgress: ({ runId, run, runs, phase, events: done, ofEvents }) => {
      expect([run <= runs, done <= ofEvents]).toEqual([true, true]);
      if (phase === 'verify') last.set(runId, done);
    },
  });
  expect([...last]).toEqual([
    ['r1', 8],
    ['r2', 8],
    ['r3', 8],
  ]);
});

test('another run under the same id is a conflict, which is not ok', async () => {
  const { from, to } = await places();
  const store = await openStore(to);
  await store.create({ id: 'r2', kind: 'run', label: null, createdAt });
  await store.commit([{ logId: 'r2', expected: 0, epoch: null, events: rows('another') }]);
  await store.close();
  const report = await migrateStore(from, to);
  expect([report.ok, report.runs.map(({ status }) => status)]).toEqual([
    false,
    ['copied', 'conflict', 'copied'],
  ]);
});
