/** Decides how a store is copied into another file while others write: as it is at one moment, by SQLite itself, packed. */
import { damagedStore } from '../../../../log/index.ts';
import { whenFree } from '../busy-wait.ts';
import { SqliteConnection } from '../connection.ts';
import { openDatabaseFile } from '../database-file.ts';
import { emptyFile, readStore } from '../layout/identify-store.ts';
import { lostTailOf } from './wal-file.ts';

/**
 * Writes the store at `path` into the empty file `target`. Writers go on meanwhile; this process does nothing else. Rejects with
 * the errors of opening, and with `DamagedHistoryError` when the -wal file has lost commits.
 */
export async function copySqliteFile(path: string, target: string, busyTimeoutMs = 10_000): Promise<void> {
  const lost = lostTailOf(path);
  if (lost !== null)
    throw damagedStore({
      location: path,
      whatFailed: lost.what,
      howToFix:
        'Look at it first: `runlog doctor URL`. A copy would lack what is lost, and would look whole.',
    });
  const connection = new SqliteConnection(openDatabaseFile(path, 'read', false), path);
  try {
    if ((await whenFree(() => readStore(connection), busyTimeoutMs)) === null) throw emptyFile(connection);
    await whenFree(() => connection.run('VACUUM INTO ?', target), busyTimeoutMs);
  } finally {
    connection.close();
  }
}
