// Decides how the kit gets a SQLite store: each place is a folder of its own below the system's folder for such things.
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore, type SqliteDatabase } from '../../src/adapters/stores/sqlite/index.ts';
import type { StoreMaker, StorePlace } from '../../src/conformance/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { diskError, watched } from './watched-database.ts';

const leaseMs = 30_000;

type Durability = 'power' | 'process';
type OpenHandle = (path: string) => SqliteDatabase;

/** The store opens the file itself. */
export function sqlitePlaces(durability: Durability): StoreMaker {
  return { name: `sqlite (${durability})`, make: async () => new SqlitePlace(durability, null) };
}

/** The store is given a handle of better-sqlite3, as a program does that has one already. */
export function betterSqlitePlaces(): StoreMaker {
  return { name: 'sqlite (better-sqlite3)', make: async () => new SqlitePlace('process', openBetterSqlite) };
}

/** The package brings no types, so what it makes is looked at. */
function openBetterSqlite(path: string): SqliteDatabase {
  const exported: unknown = createRequire(import.meta.url)('better-sqlite3');
  if (typeof exported !== 'function') throw new Error('better-sqlite3 exports no class');
  const database: unknown = Reflect.construct(exported, [path]);
  if (!isDatabase(database)) throw new Error('better-sqlite3 made no database');
  return database;
}

function isDatabase(value: unknown): value is SqliteDatabase {
  return ['exec', 'prepare', 'close'].every((name) => typeof Reflect.get(Object(value), name) === 'function');
}

class SqlitePlace implements StorePlace {
  readonly leaseMs = leaseMs;
  readonly #folder = mkdtempSync(join(tmpdir(), 'runlog-'));
  readonly #durability: Durability;
  readonly #openHandle: OpenHandle | null;
  readonly #closers: (() => Promise<void>)[] = [];
  #now = Date.parse('2026-01-01T00:00:00Z');

  constructor(durability: Durability, openHandle: OpenHandle | null) {
    this.#durability = durability;
    this.#openHandle = openHandle;
  }

  async open(): Promise<LogStore> {
    if (this.#openHandle === null) {
      const store = await openSqliteStore({ path: this.#path, ...this.#settings() });
      this.#closers.push(() => store.close());
      return store;
    }
    const database = this.#openHandle(this.#path);
    const store = await openSqliteStore({ database, ...this.#settings() });
    this.#closers.push(async () => {
      await store.close();
      database.close();
    });
    return store;
  }

  otherHandle(): Promise<LogStore> {
    return this.open();
  }

  async reopen(): Promise<LogStore> {
    await this.#closeAll();
    return this.open();
  }

  /** The file is let go of in the middle of whatever was going on, as the kernel does for a process that was killed. */
  async openDying(n: number): Promise<LogStore> {
    const database = new DatabaseSync(this.#path);
    let writes = Number.NEGATIVE_INFINITY;
    const handle = watched(database, (sql) => {
      if (/^\s*(INSERT|UPDATE|DELETE|COMMIT)/.test(sql)) writes += 1;
      if (writes >= n && database.isOpen) database.close();
      if (!database.isOpen) throw diskError();
    });
    const store = await openSqliteStore({ database: handle, ...this.#settings() });
    writes = 0;
    this.#closers.push(async () => {
      await store.close().catch(() => undefined);
      if (database.isOpen) database.close();
    });
    return store;
  }

  async passTime(ms: number): Promise<void> {
    this.#now += ms;
  }

  async destroy(): Promise<void> {
    await this.#closeAll();
    rmSync(this.#folder, { recursive: true });
  }

  get #path(): string {
    return join(this.#folder, 'runs.db');
  }

  #settings() {
    return {
      mode: 'create',
      durability: this.#durability,
      leaseMs,
      nowMs: () => this.#now,
      warn: () => undefined,
    } as const;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}
