/** Decides how a SQLite file is opened for a look at its rows: for reading, on a connection of its own, without wiping out what tells of a loss. */
import { hash } from 'node:crypto';
import { checkArguments, type Sha256 } from '../../../../base/index.ts';
import { storeUnavailable, type StoredRows } from '../../../../log/index.ts';
import { whenFree } from '../busy-wait.ts';
import { SqliteConnection } from '../connection.ts';
import { openDatabaseFile } from '../database-file.ts';
import { refuseForeignFile } from '../foreign-database.ts';
import { howToRead } from '../foreign-ground.ts';
import { provideHeads } from '../layout/heads.ts';
import { identifyStore, readStore } from '../layout/identify-store.ts';
import { thisProcess } from '../../../../host/index.ts';
import { shellQuote } from '../translate-error.ts';
import { lostRows } from './lost-rows.ts';
import { mendFile } from './mend.ts';
import { SqliteRows } from './stored-rows.ts';
import { lostTailOf } from './wal-file.ts';

/** A file whose rows are to be read, and how long a locked one is waited for (milliseconds). */
export interface SqliteRowsOptions {
  readonly path: string;
  readonly productVersion: string;
  /** How long it waits while another process writes; 10 seconds by default. */
  readonly busyTimeoutMs?: number;
}

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/** Shows the rows as they are now, whatever is written meanwhile. Rejects with the errors of opening. */
export async function openSqliteRows(options: SqliteRowsOptions): Promise<StoredRows> {
  checkArguments('openSqliteRows', { options: [options, 'with path'] });
  const { path, productVersion, busyTimeoutMs = 10_000 } = options;
  const lost = lostTailOf(path);
  // A look at the tables could wipe out what tells of the loss.
  if (lost === null) await refuseForeignFile(path, { busyTimeoutMs });
  const readWith = lost?.isTouchedByOpening === true ? () => 'mode=ro&immutable=1' : howToRead;
  const connection = new SqliteConnection(openDatabaseFile(path, 'read', false, readWith), path);
  let version: number;
  try {
    // A young store has its tables in the -wal file alone: without them it is one that lost its tail, no foreign file.
    if (lost !== null && (await whenFree(() => readStore(connection), busyTimeoutMs)) === null) {
      connection.close();
      return lostRows(path, lost.what, () => keepFiles(path));
    }
    const asked = { productVersion, mayCreate: false, busyTimeoutMs, sha256, takesOlder: true };
    ({ version } = await identifyStore(connection, asked));
    provideHeads(connection, { version, hasIndexes: true });
    connection.run('BEGIN');
    // The transaction begins with the first reading.
    connection.row('SELECT count(*) FROM meta');
  } catch (error) {
    connection.close();
    throw error;
  }
  return new SqliteRows({
    connection,
    lostTail: lost?.what ?? null,
    layout: { version, sha256 },
    self: thisProcess(),
    nowMs: Date.now(),
    mend: async (changes) => {
      if (lost !== null) throw keepFiles(path);
      await mendFile(path, changes, busyTimeoutMs);
    },
  });
}

/** Whoever writes now makes SQLite forget what it could not read. */
function keepFiles(path: string): Error {
  const files = [path, `${path}-wal`, `${path}-shm`].map(shellQuote).join(' ');
  return storeUnavailable({
    location: path,
    reason: 'read-only',
    whatFailed: `Nothing of '${path}' is mended while its -wal file speaks of lost commits.`,
    howToFix: `Copy the files first (\`mkdir kept && cp ${files} kept/\`), and put the right -wal file back.`,
  });
}
