/**
 * Decides how a log that comes from elsewhere is written: page by page with the checks of every commit, in one transaction that
 * its caller begins and ends.
 */
import type { Sha256 } from '../../../../base/index.ts';
import { checkShape, type EventRow, type Head, type LogCopy } from '../../../../log/index.ts';
import { commitWhole } from '../commit/commit-whole.ts';
import type { Session } from '../connection.ts';
import { createLog } from '../create.ts';
import { forkLog } from '../fork.ts';
import { lockAll, lockNewLogs } from '../locks.ts';
import { findLogs, requireLog } from '../log-row.ts';
import type { Ownership } from '../ownership.ts';
import type { Tables } from '../tables.ts';
import { CopiedLog } from './copied-log.ts';
import { removeLog } from './remove.ts';

export interface CopyContext {
  readonly sha256: Sha256;
  readonly ownership: Ownership;
  /** True for a pool whose driver is known to send bytes as they are. */
  readonly sendsBinary: boolean;
}

/** The logs that a copy changes, or whose events it points to. */
export function logsOfCopy({ log, parent, replaces }: LogCopy): readonly string[] {
  const others = [parent?.logId, replaces?.logId].filter((logId) => logId !== undefined);
  return [...new Set([log.id, ...others])];
}

/** What the pages reject with is heard as it is: it is no trouble of this store. */
export async function withItsErrors<T>(
  pages: LogCopy['pages'],
  work: (watched: LogCopy['pages']) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = [];
  async function* watched(): AsyncGenerator<readonly EventRow[]> {
    try {
      yield* pages;
    } catch (cause) {
      failures.push(cause);
      throw cause;
    }
  }
  return work(watched()).catch((error: unknown) => Promise.reject(failures[0] ?? error));
}

export async function copyPages(
  session: Session,
  tables: Tables,
  copy: LogCopy,
  { sha256, ownership, sendsBinary }: CopyContext,
): Promise<Head> {
  const { log, parent, epoch, replaces } = copy;
  await lockAll(session, tables, logsOfCopy(copy));
  // A copy takes the locks of documents twice; one copy at a time does so, and none of them can meet another halfway.
  await lockNewLogs(session, tables);
  if (replaces !== null) await removeLog(session, tables, replaces, ownership);
  if (!(await findLogs(session, tables, [log.id])).has(log.id)) {
    const { id, label, createdAt } = log;
    if (parent === null) await createLog(session, tables, log);
    else
      await forkLog(
        session,
        tables,
        { parent: parent.logId, atSeq: parent.atSeq, id, label, createdAt },
        sha256,
      );
  }
  const copied = new CopiedLog(session, tables, await requireLog(session, tables, log.id, 'copyIn'), {
    sha256,
    sendsBinary,
  });
  let expected = copy.after;
  for await (const events of copy.pages) {
    const part = { logId: log.id, expected, epoch, events };
    checkShape([part]);
    await copied.write(part);
    expected += events.length;
  }
  const head = await copied.head();
  const records = copy.records(head);
  const parts = [{ logId: log.id, expected, epoch, events: [] }];
  checkShape(parts, records);
  await commitWhole(session, tables, { parts, records }, sha256);
  return head;
}
