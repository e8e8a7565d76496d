// The file under an open store, and the files beside it: what was deleted or replaced is noticed, and called by its name.
import { copyFileSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { open, RuntimeClosedError } from 'runlog';
import { type LogStore, StoreNotFoundError, StoreUnavailableError } from '../../src/log/index.ts';
import { append, createdAt, openForTest, sampleStore, scratchFolder, seqsOf } from './sqlite-scratch.ts';

const lost = { code: StoreUnavailableError.code, context: { cause: 'file-replaced' } };

const losses: Readonly<Record<string, (path: string) => void>> = {
  deleted: (path) => unlinkSync(path),
  'renamed away': (path) => renameSync(path, `${path}.old`),
  'replaced by a copy': (path) => {
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
  },
};

async function written(
  fileCheckEveryMs: number,
): Promise<{ readonly path: string; readonly store: LogStore }> {
  const path = await sampleStore();
  const store = await openSqliteStore({ path, mode: 'write', warn: () => undefined, fileCheckEveryMs });
  await append(store, 3, 1);
  return { path, store };
}

test.each(Object.entries(losses))('a store whose file was %s takes no more commits', async (_name, lose) => {
  const { path, store } = await written(0);
  lose(path);
  await expect(append(store, 4, 1)).rejects.toMatchObject(lost);
  await expect(append(store, 4, 1)).rejects.toMatchObject(lost);
  await expect(store.close()).rejects.toMatchObject(lost);
});

test('a loss that no commit noticed is told at the end', async () => {
  const { path, store } = await written(3_600_000);
  unlinkSync(path);
  await append(store, 4, 1);
  await expect(store.close()).rejects.toMatchObject(lost);
});

test.each(
  Object.entries(losses).flatMap(([name, lose]) => [
    [name, 'the store', lose, {}] as const,
    [name, 'one run', lose, { logId: 'a' }] as const,
  ]),
)('a file that was %s ends the tail of who follows %s', async (_name, _what, lose, options) => {
  const path = await sampleStore();
  const store = await openSqliteStore({ path, mode: 'read', warn: () => undefined, fileCheckEveryMs: 0 });
  const pages = store.tail(options)[Symbol.asyncIterator]();
  await pages.next();
  const more = pages.next();
  lose(path);
  await expect(more).rejects.toMatchObject(lost);
  await store.close();
});

test('a store that was only read is closed without complaint', async () => {
  const path = await sampleStore();
  const store = await openSqliteStore({ path, mode: 'read' });
  expect(await seqsOf(store)).toEqual([1, 2, 3]);
  unlinkSync(path);
  await store.close();
});

test('a file that was put back is written again', async () => {
  const { path, store } = await written(0);
  renameSync(path, `${path}.old`);
  renameSync(`${path}.old`, path);
  await append(store, 4, 1);
  await store.close();
});

test('a run whose file is gone is closed, with the reason', async () => {
  const path = join(scratchFolder(), 'runs.db');
  const store = await openSqliteStore({ path, mode: 'create', warn: () => undefined, fileCheckEveryMs: 0 });
  const run = await open(store);
  unlinkSync(path);
  const emitted = run.emit('note');
  await expect(emitted).rejects.toBeInstanceOf(RuntimeClosedError);
  await expect(emitted).rejects.toMatchObject({ cause: lost });
  await run.close().catch(() => undefined);
  await expect(store.close()).rejects.toMatchObject(lost);
});

test.each(['read', 'write'] as const)(
  'a store without its -wal file is named as that in mode %s',
  async (mode) => {
    const path = join(scratchFolder(), 'runs.db');
    const writer = await openForTest({ path, mode: 'create' });
    await writer.create({ id: 'a', kind: 'run', label: null, createdAt });
    await append(writer, 0, 2);
    const copy = join(scratchFolder(), 'copy.db');
    writeFileSync(copy, readFileSync(path));
    const opening = openSqliteStore({ path: copy, mode });
    await expect(opening).rejects.toBeInstanceOf(StoreNotFoundError);
    await expect(opening).rejects.toThrow('copy.db-wal');
    rmSync(copy);
  },
);
