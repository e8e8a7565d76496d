// Opening a SQLite store: what is there is used, what is not a store is left alone, and each trouble has a name and a remedy.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import {
  DamagedHistoryError,
  ForeignDatabaseError,
  SchemaVersionMismatch,
  StoreNotFoundError,
  StoreUnavailableError,
} from '../../src/log/index.ts';
import {
  append,
  bytesOf,
  openForTest,
  sampleStore,
  scratchFolder,
  seqsOf,
  tamper,
} from './sqlite-scratch.ts';

describe('a place without a store', () => {
  test.each(['write', 'read'] as const)('mode %s refuses a missing file and makes none', async (mode) => {
    const path = join(scratchFolder(), 'missing.db');
    await expect(openSqliteStore({ path, mode })).rejects.toBeInstanceOf(StoreNotFoundError);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test('a missing directory is named with the command that makes it', async () => {
    const path = join(scratchFolder(), 'no', 'runs.db');
    const open = openSqliteStore({ path, mode: 'create' });
    await expect(open).rejects.toBeInstanceOf(StoreNotFoundError);
    await expect(open).rejects.toThrow(`mkdir -p ${dirname(path)}`);
    expect(existsSync(dirname(path))).toBe(false);
  });

  test.each(['create', 'write', 'read'] as const)('mode %s refuses a directory', async (mode) => {
    await expect(openSqliteStore({ path: scratchFolder(), mode })).rejects.toBeInstanceOf(
      ForeignDatabaseError,
    );
  });

  test.each(['create', 'write', 'read'] as const)(
    'mode %s refuses a pipe, and does not wait at it',
    async (mode) => {
      const path = join(scratchFolder(), 'pipe.db');
      execFileSync('mkfifo', [path]);
      // Held open at both ends: whoever opens it all the same is not kept waiting, and this test neither.
      const held = openSync(path, 'r+');
      onTestFinished(() => closeSync(held));
      await expect(openSqliteStore({ path, mode })).rejects.toBeInstanceOf(ForeignDatabaseError);
    },
  );

  test.each(['write', 'read'] as const)('mode %s refuses an empty file and leaves it empty', async (mode) => {
    const path = join(scratchFolder(), 'empty.db');
    writeFileSync(path, '');
    await expect(openSqliteStore({ path, mode })).rejects.toBeInstanceOf(ForeignDatabaseError);
    expect(bytesOf(path)).toBe('');
  });

  test('mode create makes a store of an empty file', async () => {
    const path = join(scratchFolder(), 'empty.db');
    writeFileSync(path, '');
    expect(await (await openForTest({ path, mode: 'create' })).logs()).toEqual([]);
  });

  test.each(['runs #1?.db', "it's 100%.db", 'läufe \u{1f600}.db'])(
    'a file may be called %s',
    async (name) => {
      const path = join(scratchFolder(), name);
      const store = await openForTest({ path, mode: 'create' });
      await store.create({ id: 'a', kind: 'run', label: null, createdAt: 'now' });
      expect(existsSync(path)).toBe(true);
      expect(await seqsOf(await openForTest({ path, mode: 'read' }))).toEqual([]);
    },
  );
});

describe('something else in the place', () => {
  test.each(['create', 'write', 'read'] as const)('mode %s leaves a text file alone', async (mode) => {
    const path = join(scratchFolder(), 'notes.db');
    writeFileSync(path, 'These are notes, and no database at all. '.repeat(200));
    const before = bytesOf(path);
    await expect(openSqliteStore({ path, mode })).rejects.toBeInstanceOf(ForeignDatabaseError);
    expect(bytesOf(path)).toBe(before);
    expect(readdirSync(dirname(path))).toEqual(['notes.db']);
  });

  test.each(['create', 'write', 'read'] as const)(
    "mode %s leaves another program's database alone",
    async (mode) => {
      const path = join(scratchFolder(), 'other.db');
      tamper(path, 'CREATE TABLE runs (id TEXT); CREATE TABLE events (id TEXT)');
      const before = bytesOf(path);
      await expect(openSqliteStore({ path, mode })).rejects.toMatchObject({
        code: 'foreign-database-error',
        context: { tables: ['events', 'runs'] },
      });
      expect(bytesOf(path)).toBe(before);
    },
  );

  test.each(['create', 'write', 'read'] as const)(
    'mode %s refuses a store of another version',
    async (mode) => {
      const path = await sampleStore();
      tamper(path, "UPDATE meta SET value = '9' WHERE name = 'schema_version'");
      const before = bytesOf(path);
      await expect(openSqliteStore({ path, mode, productVersion: '0.1.0' })).rejects.toMatchObject({
        code: SchemaVersionMismatch.code,
        context: { found_version: '9', expected_version: '4', runlog_version: '0.1.0', driver: 'sqlite' },
      });
      expect(bytesOf(path)).toBe(before);
    },
  );
});

describe('a damaged store', () => {
  test('facts that are missing are damage', async () => {
    const path = await sampleStore();
    tamper(path, "DELETE FROM meta WHERE name = 'store_id'");
    await expect(openSqliteStore({ path, mode: 'write' })).rejects.toBeInstanceOf(DamagedHistoryError);
  });

  test('a file with overwritten pages is damage, and never half a history', async () => {
    const path = await sampleStore();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096 * 2);
    writeFileSync(path, bytes);
    const open = async (): Promise<number[]> => seqsOf(await openForTest({ path, mode: 'read' }));
    await expect(open()).rejects.toBeInstanceOf(DamagedHistoryError);
  });

  test('a missing event is named by its place', async () => {
    const path = await sampleStore();
    tamper(path, 'DELETE FROM events WHERE seq = 2');
    const store = await openForTest({ path, mode: 'read' });
    await expect(seqsOf(store)).rejects.toMatchObject({
      code: DamagedHistoryError.code,
      context: { seq: 2 },
    });
  });

  test('a log row that cannot be read is named', async () => {
    const path = await sampleStore();
    tamper(path, "UPDATE logs SET lineage = 'nonsense'");
    const store = await openForTest({ path, mode: 'read' });
    const info = store.info('a');
    await expect(info).rejects.toBeInstanceOf(DamagedHistoryError);
    await expect(info).rejects.toThrow("run 'a'");
  });
});

describe('reading only', () => {
  test('changes no byte of the file', async () => {
    const path = await sampleStore();
    const before = bytesOf(path);
    const store = await openForTest({ path, mode: 'read' });
    expect(await seqsOf(store)).toEqual([1, 2, 3]);
    await store.close();
    expect(bytesOf(path)).toBe(before);
    expect(bytesOf(`${path}-wal`)).toBe('');
  });

  test('sees what a living writer has committed, and leaves its -wal file as it is', async () => {
    const path = await sampleStore();
    const writer = await openForTest({ path, mode: 'write' });
    await append(writer, 3, 2);
    const before = [bytesOf(path), bytesOf(`${path}-wal`)];
    expect(before[1]).not.toBe('');
    const store = await openForTest({ path, mode: 'read' });
    expect(await seqsOf(store)).toEqual([1, 2, 3, 4, 5]);
    await store.close();
    expect([bytesOf(path), bytesOf(`${path}-wal`)]).toEqual(before);
  });

  test('sees what a killed writer has committed', async () => {
    const path = await sampleStore();
    const writer = await openForTest({ path, mode: 'write' });
    await append(writer, 3, 2);
    const copy = join(scratchFolder(), 'copy.db');
    for (const suffix of ['', '-wal']) writeFileSync(copy + suffix, readFileSync(path + suffix));
    const before = [bytesOf(copy), bytesOf(`${copy}-wal`)];
    const store = await openForTest({ path: copy, mode: 'read' });
    expect(await seqsOf(store)).toEqual([1, 2, 3, 4, 5]);
    await store.close();
    expect([bytesOf(copy), bytesOf(`${copy}-wal`)]).toEqual(before);
  });

  test('refuses every write', async () => {
    const store = await openForTest({ path: await sampleStore(), mode: 'read' });
    const refused = { code: StoreUnavailableError.code, context: { reason: 'read-only' } };
    await expect(append(store, 3, 1)).rejects.toMatchObject(refused);
    await expect(store.acquire('a')).rejects.toMatchObject(refused);
    await expect(store.detach('a')).rejects.toMatchObject(refused);
    await expect(store.renew()).rejects.toMatchObject(refused);
  });
});

describe('rights', () => {
  /**
   * Root may write everywhere, so the test goes on as somebody else. The system still answers questions about rights for
   * root then, so that some refusals come later and with another text than they would for a real somebody.
   */
  function asNobody(): void {
    if (process.getuid?.() !== 0) return;
    process.seteuid?.(65534);
    onTestFinished(() => process.seteuid?.(0));
  }

  function openedFolder(): string {
    const folder = scratchFolder();
    chmodSync(folder, 0o755);
    return folder;
  }

  async function lockedStore(): Promise<string> {
    const path = await sampleStore();
    chmodSync(dirname(path), 0o555);
    chmodSync(path, 0o444);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    asNobody();
    return path;
  }

  test.each(['create', 'write'] as const)(
    'mode %s says at once that a file cannot be written',
    async (mode) => {
      const path = await lockedStore();
      await expect(openSqliteStore({ path, mode })).rejects.toMatchObject({
        code: StoreUnavailableError.code,
        context: { reason: 'read-only' },
      });
    },
  );

  test('mode create says that a directory cannot be written', async () => {
    const folder = join(openedFolder(), 'locked');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    asNobody();
    const open = openSqliteStore({ path: join(folder, 'runs.db'), mode: 'create' });
    await expect(open).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('a directory that may not be entered is no missing file', async () => {
    const path = join(scratchFolder(), 'sub', 'runs.db');
    mkdirSync(dirname(path));
    chmodSync(dirname(dirname(path)), 0);
    onTestFinished(() => chmodSync(dirname(dirname(path)), 0o755));
    asNobody();
    await expect(openSqliteStore({ path, mode: 'read' })).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('mode read does not read half of a store in a directory that cannot be written', async () => {
    const path = await lockedStore();
    const open = openSqliteStore({ path, mode: 'read' });
    await expect(open).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('mode read reads beside a living writer without any right to write', async () => {
    const path = await sampleStore();
    const writer = await openForTest({ path, mode: 'write' });
    await append(writer, 3, 1);
    chmodSync(dirname(path), 0o555);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    asNobody();
    const store = await openForTest({ path, mode: 'read' });
    expect(await seqsOf(store)).toEqual([1, 2, 3, 4]);
  });

  test('mode read says that a file cannot be read', async () => {
    const path = await sampleStore();
    chmodSync(dirname(path), 0o755);
    chmodSync(path, 0);
    asNobody();
    await expect(openSqliteStore({ path, mode: 'read' })).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});

describe('a handle that is passed in', () => {
  test('is used and left open', async () => {
    const database = new DatabaseSync(join(scratchFolder(), 'runs.db'));
    const store = await openSqliteStore({ database, mode: 'create' });
    await store.create({ id: 'a', kind: 'run', label: null, createdAt: 'now' });
    await append(store, 0, 2);
    await store.close();
    expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 2 });
    database.close();
  });

  test('in memory promises no more than memory does', async () => {
    const store = await openForTest({ path: ':memory:', mode: 'create' });
    expect(store.capabilities).toEqual({ durability: 'memory', shared: false, atomicCommit: true });
    await store.create({ id: 'a', kind: 'run', label: null, createdAt: 'now' });
    await append(store, 0, 2);
    expect(await seqsOf(store)).toEqual([1, 2]);
  });
});
