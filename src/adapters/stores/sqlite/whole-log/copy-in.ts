/**
 * Decides how a log that comes from elsewhere is written: page by page with the checks of every commit, in one transaction that
 * its caller begins and ends.
 */
import type { Sha256 } from '../../../../base/index.ts';
import { checkShape, type Head, type LogCopy } from '../../../../log/index.ts';
import { checkCommit } from '../commit.ts';
import type { SqliteConnection } from '../connection.ts';
import { checkCreate } from '../create.ts';
import { checkFork } from '../fork.ts';
import { findLog, requireLog } from '../log-row.ts';
import type { Ownership } from '../ownership.ts';
import type { KnownLogs } from '../remembered-logs.ts';
import { checkRemove } from './remove.ts';

export interface CopyContext {
  readonly sha256: Sha256;
  readonly known: KnownLogs;
  readonly ownership: Ownership;
}

export async function copyPages(
  connection: SqliteConnection,
  copy: LogCopy,
  context: CopyContext,
): Promise<Head> {
  const { log, epoch } = copy;
  const { sha256, known } = context;
  makeLog(connection, copy, context);
  let expected = copy.after;
  for await (const events of copy.pages) {
    const parts = [{ logId: log.id, expected, epoch, events }];
    checkShape(parts);
    checkCommit({ connection, sha256, known }, { parts, records: [] }, 'places')();
    expected += events.length;
  }
  return writeRecordsOf(connection, copy, expected, context);
}

/** Takes away what is to be replaced, and makes the log when it is not there. */
export function makeLog(
  connection: SqliteConnection,
  { log, parent, replaces }: LogCopy,
  { sha256, known, ownership }: CopyContext,
): void {
  // The transaction cannot be made again, so nothing is taken from memory.
  known.delete(log.id);
  if (replaces !== null) checkRemove(connection, replaces, ownership)();
  if (findLog(connection, log.id) !== undefined) return;
  const { id, label, createdAt } = log;
  if (parent === null) checkCreate(connection, log)();
  else checkFork(connection, { parent: parent.logId, atSeq: parent.atSeq, id, label, createdAt }, sha256)();
}

/** The end of a copy: its documents. Returns the head that they were asked for with. */
export function writeRecordsOf(
  connection: SqliteConnection,
  copy: LogCopy,
  expected: number,
  { sha256, known }: CopyContext,
): Head {
  const { seq, hash } = requireLog(connection, copy.log.id, 'copyIn');
  const head = { logId: copy.log.id, seq, hash };
  const parts = [{ logId: copy.log.id, expected, epoch: copy.epoch, events: [] }];
  const records = copy.records(head);
  checkShape(parts, records);
  checkCommit({ connection, sha256, known }, { parts, records }, 'places')();
  return head;
}
