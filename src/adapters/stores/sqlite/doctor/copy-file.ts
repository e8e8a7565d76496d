/** Decides how a store is copied into another file while others write: as it is at one moment, by SQLite itself, packed. */
import { checkArguments } from '../../../../base/index.ts';
import { damagedStore, StoreUnavailableError, storeUnavailable } from '../../../../log/index.ts';
import { whenFree } from '../busy-wait.ts';
import { SqliteConnection } from '../connection.ts';
import { openDatabaseFile } from '../database-file.ts';
import { refuseForeignFile } from '../foreign-database.ts';
import { emptyFile, readStore } from '../layout/identify-store.ts';
import { remedies } from '../translate-error.ts';
import { lostTailOf } from './wal-file.ts';

const busyTimeoutMs = 10_000;

/** Result codes of writing and of opening. Of the store itself nothing is written, and it is open. */
const ofTheCopy: ReadonlySet<unknown> = new Set([13, 14, 778, 1034, 1290, 1546]);

/**
 * Writes the store at `path` into the empty file `target`. `calledAs` is how errors call
 * that file. Writers go on meanwhile; this process does nothing else. Rejects with
 * the errors of opening, and with `DamagedHistoryError` when the -wal file has lost commits.
 */
export async function copySqliteFile(path: string, target: string, calledAs = target): Promise<void> {
  checkArguments('copySqliteFile', { path: [path, 'text'], target: [target, 'text'] });
  const lost = lostTailOf(path);
  if (lost !== null)
    throw damagedStore({
      location: path,
      whatFailed: lost.what,
      howToFix:
        'Look at it first: `runlog doctor URL`. A copy would lack what is lost, and would look whole.',
    });
  await refuseForeignFile(path, { busyTimeoutMs });
  const connection = new SqliteConnection(openDatabaseFile(path, 'read', false), path);
  try {
    if ((await whenFree(() => readStore(connection), busyTimeoutMs)) === null) throw emptyFile(connection);
    await whenFree(() => copied(connection, target, calledAs), busyTimeoutMs);
  } finally {
    connection.close();
  }
}

function copied(connection: SqliteConnection, target: string, calledAs: string): void {
  try {
    connection.run('VACUUM INTO ?', target);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    const { cause } = error;
    if (!(cause instanceof Error) || !ofTheCopy.has(Reflect.get(cause, 'errcode'))) throw error;
    throw storeUnavailable({
      location: calledAs,
      reason: error.context['reason'] === 'full' ? 'full' : 'io',
      whatFailed: `The copy cannot be written. ${error.whatFailed}`,
      howToFix: remedies.full(calledAs),
      cause,
    });
  }
}
