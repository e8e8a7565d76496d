/** Decides whether somebody works in a session: one of its runs is under way, and whoever has it was heard of. */
import type { SessionLogStore } from '../../log/index.ts';
import { leaseOf } from '../live/run-lease.ts';
import { executionKind, executionOfRecord, placesOf } from '../store/documents.ts';

const page = 100;

/** A run that nobody has a lease for was left by a process that is gone. */
export async function isAtWork(
  store: Pick<SessionLogStore, 'findRecords'>,
  sessionId: string,
  now: string,
): Promise<boolean> {
  const where = [{ field: 'running', ...placesOf(sessionId) }];
  for (let offset = 0; ; offset += page) {
    const found = await store.findRecords(
      { kind: executionKind, where, orderBy: 'running' },
      { limit: page, offset },
    );
    if (found.some((record) => (leaseOf(executionOfRecord(record))?.expiresAt ?? '') > now)) return true;
    if (found.length < page) return false;
  }
}
