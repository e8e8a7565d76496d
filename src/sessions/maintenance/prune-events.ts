/**
 * Decides how data of events goes that was chosen to go: the session is archived first when the policy says so, and then one batch after
 * another gets its tombstones, each in one transaction. Ended in between, the next round goes on.
 */
import { sessionError } from '../errors/session-error.ts';
import { sessionKind, sessionOfRecord, sessionRecordId } from '../store/documents.ts';
import type { ArchiveDesk } from './archive-desk.ts';
import { planPruning, planPruningOf, type PrunePlan } from './plan-pruning.ts';
import type { Round } from './round.ts';

export async function pruneAll(round: Round, desk: ArchiveDesk): Promise<void> {
  for (const plan of await planPruning(round))
    await round.attempt('prune', plan.info.id, () => carryOut(round, desk, plan));
}

/** Rejects with `SessionNotFoundError`. */
export async function pruneOne(round: Round, desk: ArchiveDesk, sessionId: string): Promise<void> {
  const info = await round.context.store.info(sessionId);
  if (info?.kind !== 'session') {
    throw sessionError('session_not_found', `session '${sessionId}' is not there`, {
      details: { session_id: sessionId },
    });
  }
  await round.attempt('prune', sessionId, async () => {
    const plan = await planPruningOf(round, info);
    if (plan !== null) await carryOut(round, desk, plan);
  });
}

async function carryOut(round: Round, desk: ArchiveDesk, { info, seqs, live }: PrunePlan): Promise<void> {
  const { id } = info;
  const { store } = round.context;
  await desk.secure(info);
  let events = round.isDryRun ? seqs.length : 0;
  if (!round.isDryRun) {
    const record = await store.record(sessionKind, sessionRecordId(id));
    // Somebody has pinned it since it was looked at.
    if (record !== undefined && round.hasExemptTag(sessionOfRecord(record))) return;
    const note = { by: 'maintenance', at: round.now, reason: 'more events than the policy keeps' };
    const { batchSize } = round.policy;
    for (let from = 0; from < seqs.length && !round.isOver; from += batchSize)
      events += await store.redact({ logId: id, seqs: seqs.slice(from, from + batchSize), note });
  }
  round.pruned.push({ sessionId: id, events, left: live - events });
}
