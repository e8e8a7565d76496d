/** Decides which sessions are marked as deleted: those that are too old, in no exempt state, without an exempt tag, and at rest. */
import { ConcurrentWriterError } from '../../log/index.ts';
import { type Session, sessionStatuses } from '../model/session.ts';
import { documentOfSession, notDeleted, sessionKind } from '../store/documents.ts';
import { isAtWork } from './at-work.ts';
import type { MarkedSession } from './port.ts';
import type { FoundSession, Round } from './round.ts';

export async function markExpired(round: Round): Promise<void> {
  await markBefore(round, 'maxCompletedSessionAgeDays', 'updated', ({ updatedAt }) => updatedAt);
  await markBefore(round, 'maxSessionAgeDays', 'created', ({ createdAt }) => createdAt);
}

async function markBefore(
  round: Round,
  because: MarkedSession['because'],
  field: string,
  valueOf: (session: Session) => string,
): Promise<void> {
  const before = round.daysAgo(round.policy[because]);
  const oneOf = sessionStatuses.filter((status) => !round.policy.exemptStatuses.includes(status));
  if (before === null || oneOf.length === 0) return;
  const where = [
    { field: 'deleted', oneOf: [notDeleted] },
    { field, before },
    { field: 'status', oneOf },
  ];
  const query = { kind: sessionKind, where, orderBy: field };
  for await (const found of round.sessions('soft-delete', query, valueOf))
    await round.attempt('soft-delete', found.session.id, () => mark(round, found, because));
}

async function mark(
  round: Round,
  { record, session }: FoundSession,
  because: MarkedSession['because'],
): Promise<void> {
  const { store } = round.context;
  const { id } = session;
  // A dry run marks nothing, so that a session comes up again under the other knob.
  if (round.hasExemptTag(session) || round.softDeleted.some(({ sessionId }) => sessionId === id)) return;
  if (await isAtWork(store, id, round.now)) return;
  if (!round.isDryRun) {
    const { kind, value, fields } = documentOfSession({ ...session, deletedAt: round.now });
    const write = { kind, id: record.id, expectedVersion: record.version, value, fields };
    try {
      await store.commitSessions([{ logId: id, expected: 'any', epoch: null, events: [] }], [write]);
    } catch (error) {
      // Somebody has changed it since it was found: it is in use.
      if (error instanceof ConcurrentWriterError) return;
      throw error;
    }
  }
  round.softDeleted.push({ sessionId: id, because });
}
