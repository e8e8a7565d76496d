/**
 * Decides how a PostgreSQL store is opened: on a URL, with a pool of its own, or on a pool of the caller's, which stays the
 * caller's. Opening a store that is there writes nothing.
 */
import { hash, randomUUID } from 'node:crypto';
import { checkArguments, type Sha256 } from '../../../base/index.ts';
import { type SearchableStore, withoutCredentials } from '../../../log/index.ts';
import { PostgresConnection } from './connection.ts';
import type { PostgresPool } from './driver.ts';
import type { NewsLine } from './news.ts';
import { openPool } from './open-pool.ts';
import { Ownership } from './ownership.ts';
import { PostgresStore } from './postgres-store.ts';
import { type ProcessIdentity, thisProcess } from '../../../host/index.ts';
import { checkColumns } from './layout/check-columns.ts';
import { checkServer, identifyStore } from './layout/identify-store.ts';
import { defaultSchema, tablesOf } from './tables.ts';

interface PostgresStoreSettings {
  /** `create` makes the store when it is not there, `write` makes nothing, `read` changes nothing. */
  readonly mode: 'create' | 'write' | 'read';
  /** The schema that holds everything of the store; `runlog` by default. */
  readonly schema?: string;
  /** What a resolved commit survives: the loss of power (default), or the death of the process. */
  readonly durability?: 'power' | 'process';
  /** How long a claim lasts without a sign of life, by the clock of the server; 30 seconds by default. */
  readonly leaseMs?: number;
  /** Who opens the store; this process by default. */
  readonly identity?: ProcessIdentity;
  /** True when a process is certainly gone; the platform is asked by default. */
  readonly isProcessGone?: (other: ProcessIdentity, self: ProcessIdentity) => boolean;
  /** Named in the error about a store of another version. */
  readonly productVersion?: string;
}

/** A URL, or a pool of your own. */
export type PostgresStoreOptions = PostgresStoreSettings &
  (
    | {
        /** As `psql` takes it: `postgres://user:password@host:5432/database`. */
        readonly url: string;
        /** At most so many connections at a time; 10 by default. */
        readonly connections?: number;
      }
    | {
        /** A pool of `pg`. Closing it stays the caller's. */
        readonly pool: PostgresPool;
      }
  );

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/**
 * Opens a store in one schema of a PostgreSQL database. Rejects with `StoreNotFoundError`, `ForeignDatabaseError`,
 * `SchemaVersionMismatch`, `StoreUnavailableError`, and `MissingOptionalDependency` when the package `pg` is missing.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<SearchableStore> {
  checkArguments('openPostgresStore', { options: [options, 'with url', 'with pool'] });
  const { mode, schema = defaultSchema, durability = 'power', productVersion = 'unknown' } = options;
  const { pool, location, end, newLine } = await connect(options, schema);
  try {
    const connection = new PostgresConnection(pool, location);
    const tables = tablesOf(schema, location);
    const mayCreate = mode === 'create';
    const syncsToDisk = await checkServer(connection, tables);
    const { storeId } = await identifyStore(connection, tables, { productVersion, mayCreate, sha256 });
    await checkColumns(connection, tables);
    const ownership = new Ownership(tables, {
      handle: randomUUID(),
      identity: options.identity ?? thisProcess(),
      leaseMs: options.leaseMs ?? 30_000,
      ...(options.isProcessGone === undefined ? {} : { isProcessGone: options.isProcessGone }),
    });
    return new PostgresStore({
      connection,
      tables,
      storeId,
      capabilities: { durability: syncsToDisk ? durability : 'process', shared: true, atomicCommit: true },
      ownership,
      sha256,
      isReadOnly: mode === 'read',
      syncCommit: durability === 'power' ? 'on' : 'off',
      end: async () => {
        // A pool that ends leaves those waiting who wait for a connection.
        await connection.whenIdle();
        await end();
      },
      newLine,
    });
  } catch (error) {
    await end();
    throw error;
  }
}

interface Ground {
  readonly pool: PostgresPool;
  readonly location: string;
  /** Ends what was opened here. */
  readonly end: () => Promise<void>;
  /** Makes connections beside the pool; null for a pool that was passed in. */
  readonly newLine: (() => NewsLine) | null;
}

async function connect(options: PostgresStoreOptions, schema: string): Promise<Ground> {
  if ('pool' in options) {
    return {
      pool: options.pool,
      location: `a pool of PostgreSQL, schema ${schema}`,
      end: async () => undefined,
      newLine: null,
    };
  }
  const pool = await openPool(options.url, options.connections ?? 10);
  return { pool, location: withoutCredentials(options.url), end: () => pool.end(), newLine: pool.newLine };
}
