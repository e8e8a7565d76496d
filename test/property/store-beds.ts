// Decides on which stores a law is tried: each bed opens one, opens it again, and cleans up behind it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { Pool } from 'pg';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { Sha256 } from '../../src/base/index.ts';
import { type LogStore, MemoryDatabase, openMemoryStore } from '../../src/log/index.ts';
import { schemaName, serverUrl } from '../harness/postgres/scratch-schema.ts';

export interface StoreBed {
  open(): Promise<LogStore>;
  clear(): Promise<void>;
}

export const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

const nowMs = (): number => Date.parse('2026-01-01T00:00:00Z');

function memoryBed(): StoreBed {
  const database = new MemoryDatabase();
  return { open: async () => openMemoryStore({ sha256, nowMs, database }), clear: async () => undefined };
}

function sqliteBed(): StoreBed {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-law-'));
  const path = join(folder, 'runs.db');
  return {
    open: () =>
      openSqliteStore({ path, mode: 'create', durability: 'process', nowMs, warn: () => undefined }),
    clear: async () => rmSync(folder, { recursive: true }),
  };
}

/**
 * To make a schema takes longer than what is tried on it: a schema is emptied, and used again by the next bed, also of another
 * file. Both go with the server of the test run.
 */
let pool: Pool | null = null;
const freeSchemas: string[] = [];

function postgresBed(): StoreBed {
  const shared = (pool ??= new Pool({ connectionString: serverUrl() }));
  const schema = freeSchemas.pop() ?? schemaName();
  return {
    open: () => openPostgresStore({ pool: shared, schema, mode: 'create', durability: 'process' }),
    clear: async () => {
      const tables = ['events', 'logs', 'records', 'owners'];
      await shared.query(tables.map((table) => `DELETE FROM ${quoteName(schema)}.${table}`).join('; '));
      freeSchemas.push(schema);
    },
  };
}

export const beds: Readonly<Record<string, { readonly runs: number; readonly make: () => StoreBed }>> = {
  memory: { runs: 1000, make: memoryBed },
  sqlite: { runs: 300, make: sqliteBed },
  postgres: { runs: 50, make: postgresBed },
};
