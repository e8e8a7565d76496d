/**
 * Decides which sessions go for good: those that were marked as deleted long enough ago. The log with all its documents goes in one
 * transaction of the store, so that a failure leaves everything; then the bytes of the artifacts go, which nothing names any more.
 */
import type { LogInfo, RecordQuery } from '../../log/index.ts';
import { artifactRowsOf } from '../artifacts/artifact-registry.ts';
import { sessionError } from '../errors/session-error.ts';
import { executionKind, placesOf, sessionKind } from '../store/documents.ts';
import type { ArchiveDesk } from './archive-desk.ts';
import { isAtWork } from './at-work.ts';
import type { FoundSession, Round } from './round.ts';

export async function removeMarked(round: Round, desk: ArchiveDesk): Promise<void> {
  const before = round.daysAgo(round.policy.hardDeleteAfterDays);
  if (before === null) return;
  const query: RecordQuery = {
    kind: sessionKind,
    where: [{ field: 'deleted', before }],
    orderBy: 'deleted',
  };
  for await (const found of round.sessions('hard-delete', query, ({ deletedAt }) => deletedAt ?? ''))
    await round.attempt('hard-delete', found.session.id, () => remove(round, desk, found));
}

async function remove(round: Round, desk: ArchiveDesk, { record, session }: FoundSession): Promise<void> {
  const { store, artifacts } = round.context;
  const { id } = session;
  if (round.hasExemptTag(session) || (await isAtWork(store, id, round.now))) return;
  const info = await store.info(id);
  if (info === undefined) return;
  const rows = await artifactRowsOf(store, id);
  if (rows.length > 0 && artifacts === undefined) throw strandedArtifacts(id, rows.length);
  const runs = await runsOf(round, id);
  await desk.secure(info);
  if (!round.isDryRun) {
    // Whoever brought it back or touched it meanwhile keeps it.
    if ((await store.record(sessionKind, record.id))?.version !== record.version) return;
    await store.remove(info.head);
  }
  round.hardDeleted.push({ sessionId: id, events: eventsOf(info), runs, artifacts: rows.length });
  if (round.isDryRun || artifacts === undefined) return;
  for (const { key } of rows) {
    // The session is gone: what cannot be deleted now is an orphan that a later round removes.
    await round.attempt('artifacts', null, async () => void (await artifacts.delete(key)));
  }
}

async function runsOf({ context }: Round, sessionId: string): Promise<number> {
  const where = [{ field: 'place', ...placesOf(sessionId) }];
  return context.store.countRecords({ kind: executionKind, where, orderBy: 'place' });
}

function eventsOf({ head, parent }: LogInfo): number {
  return head.seq - (parent?.atSeq ?? 0);
}

function strandedArtifacts(sessionId: string, count: number): Error {
  return sessionError(
    'maintenance_error',
    `session '${sessionId}' has ${count} artifacts, and their store was not named`,
    {
      details: { session_id: sessionId, artifacts: count },
      why: 'Their bytes would stay for ever, and nothing would name them.',
      howToFix:
        'Name the store of artifacts: `--artifacts FOLDER` on the command line, `artifacts` in a program.',
    },
  );
}
