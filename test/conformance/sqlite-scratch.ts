// Decides how tests of the SQLite store get a folder, and how they look at files and rows from outside of the store.
import { readFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { openSqliteStore, type SqliteStoreOptions } from '../../src/adapters/stores/sqlite/index.ts';
import { eventIdAt } from '../../src/base/index.ts';
import type { EventRow, Head, LogStore } from '../../src/log/index.ts';

export const createdAt = '2026-01-01T00:00:00Z';

/** A folder that is removed when the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed when the test ends. */
export async function openForTest(options: SqliteStoreOptions): Promise<LogStore> {
  const store = await openSqliteStore({ warn: () => undefined, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** A closed store with one run `a` of three events. */
export async function sampleStore(): Promise<string> {
  const path = join(scratchFolder(), 'runs.db');
  const store = await openSqliteStore({ path, mode: 'create', warn: () => undefined });
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
  await append(store, 0, 3);
  await store.close();
  return path;
}

export function sampleRows(first: number, count: number): EventRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: eventIdAt(first + index),
    type: 'goal.created',
    payload: `{"n":${first + index}}`,
    actor: null,
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

/** Appends to run `a`. */
export async function append(
  store: LogStore,
  expected: number,
  count: number,
  payload?: string,
): Promise<Head | undefined> {
  const rows = sampleRows(expected + 1, count);
  const events = payload === undefined ? rows : rows.map((row) => ({ ...row, payload }));
  const part = { logId: 'a', expected, epoch: null, events };
  return (await store.commit([part]))[0];
}

export async function seqsOf(store: LogStore, logId = 'a'): Promise<number[]> {
  const seqs: number[] = [];
  for await (const page of store.read(logId)) seqs.push(...page.map(({ seq }) => seq));
  return seqs;
}

/** What a file holds; nothing when it is not there. */
export function bytesOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(path).toString('base64');
}

/** Does something to the file behind the store's back. */
export function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
