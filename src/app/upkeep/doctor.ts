/** Decides how the store that a URL names is looked at for damage: below the port where an adapter can, and through the port otherwise. */
import { type StoredRows, type WholeLogStore, withoutCredentials } from '../../log/index.ts';
import {
  type DoctorOptions as ExamineOptions,
  type DoctorReport,
  examineStore,
  portRows,
} from '../../upkeep/index.ts';
import { sha256 } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { version } from '../version.ts';

export type DoctorOptions = Omit<ExamineOptions, 'sha256'>;

/**
 * Walks every log of a store, computes its hashes again and compares everything that must agree; with `repair`, puts right what
 * follows from history. History is never changed. A URL is looked at below the port, an open store through it, which
 * sees less. Rejects with the errors of opening a store; what is wrong with one that can be opened is in the report.
 */
export async function doctor(
  target: string | WholeLogStore,
  options: DoctorOptions = {},
): Promise<DoctorReport> {
  const asked = { ...options, sha256 };
  if (typeof target === 'string') return examineStore(() => openRows(target), asked);
  return examineStore(async () => portRows(target, `store ${target.storeId}`), asked);
}

async function openRows(url: string): Promise<StoredRows> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme === 'postgres') {
    const { openPostgresRows } = await import('../../adapters/stores/postgres/index.ts');
    return openPostgresRows({ url: parsed.url, schema: parsed.schema, productVersion: version });
  }
  if (parsed.scheme === 'sqlite') {
    const { openSqliteRows } = await import('../../adapters/stores/sqlite/index.ts');
    return openSqliteRows({ path: parsed.path, productVersion: version });
  }
  return portRows(await openStore(url), withoutCredentials(url));
}
