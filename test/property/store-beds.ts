// Decides on which stores a law is tried: each bed opens one, opens it again, and cleans up behind it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { Pool } from 'pg';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { Sha256 } from '../../src/base/index.ts';
import { type LogStore, MemoryDatabase, openMemoryStore } from '../../src/log/index.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { SpareSchemas } from '../harness/postgres/spare-schemas.ts';

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

/** Of the beds of every file. Both go with the server of the test run. */
let pool: Pool | null = null;
const spare = new SpareSchemas();

function postgresBed(): StoreBed {
  const shared = (pool ??= new Pool({ connectionString: serverUrl() }));
  const schema = spare.take();
  return {
    open: () => openPostgresStore({ pool: shared, schema, mode: 'create', durability: 'process' }),
    clear: () => spare.giveBack(schema, (text) => shared.query(text)),
  };
}

export const beds: Readonly<Record<string, { readonly runs: number; readonly make: () => StoreBed }>> = {
  memory: { runs: 1000, make: memoryBed },
  sqlite: { runs: 300, make: sqliteBed },
  postgres: { runs: 50, make: postgresBed },
};
