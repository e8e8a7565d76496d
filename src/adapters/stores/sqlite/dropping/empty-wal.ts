/**
 * Decides how what was dropped leaves the -wal file, too: its pages are brought into the main file, over those that held the data, and
 * the -wal file is emptied. Somebody who reads can keep that from happening; then it is said.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isStructuredError } from '../../../../base/index.ts';
import type { SqliteConnection } from '../connection.ts';
import { isBusy } from '../translate-error.ts';

/** `held`: somebody reads or writes just now. */
export type WalState = 'empty' | 'held' | { readonly failed: string };

/** Readers of this product are done in milliseconds; one that is not keeps its place for as long as it likes. */
const patience = { attempts: 20, pauseMs: 10 } as const;

/** A store without a -wal file has none to empty. */
export function walEmptied(connection: SqliteConnection): WalState {
  try {
    return connection.row('PRAGMA wal_checkpoint(TRUNCATE)')?.[0] === 0 ? 'empty' : 'held';
  } catch (error) {
    if (isBusy(error)) return 'held';
    if (!isStructuredError(error)) throw error;
    return { failed: error.whatFailed };
  }
}

/** Warns rather than rejects: what was dropped is committed by then. */
export async function emptyWal(
  attempt: () => Promise<WalState>,
  location: string,
  warn: (message: string) => void,
): Promise<void> {
  let state: WalState = 'held';
  for (let left: number = patience.attempts; left > 0 && state === 'held'; left -= 1) {
    if (left < patience.attempts) await sleep(patience.pauseMs);
    state = await attempt();
  }
  if (state === 'empty') return;
  const why = state === 'held' ? 'Another program is reading the store.' : state.failed;
  warn(
    `What was dropped is read by nobody any more, but its bytes are still in '${location}' or '${location}-wal'. ${why} ` +
      'They go with the next redaction or deletion, or when the last program closes the store.',
  );
}
