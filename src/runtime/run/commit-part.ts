/** Decides what a store's answer to a commit means to the run that asked for it. */
import {
  type CommitPart,
  DuplicateEventError,
  type LogStore,
  type RecordWrite,
  UnknownCommitError,
} from '../../log/index.ts';

type Committing = Pick<LogStore, 'commit'>;

/** Resolves when the part is durable. Rejects with what kept the run from being written, and is not asked again then. */
export async function commitPart(
  store: Committing,
  part: CommitPart,
  records: readonly RecordWrite[],
): Promise<void> {
  try {
    const seq = await commitSettled(store, part, records);
    if (part.expected !== 'any' && seq !== part.expected + part.events.length)
      await checkStillOwner(store, part);
  } catch (error) {
    throw await causeOf(error, store, part);
  }
}

/** A store that does not know whether it committed is asked once more: the same commit settles it without writing twice. */
async function commitSettled(
  store: Committing,
  part: CommitPart,
  records: readonly RecordWrite[],
): Promise<number | undefined> {
  try {
    return (await store.commit([part], records))[0]?.seq;
  } catch (error) {
    if (!(error instanceof UnknownCommitError)) throw error;
    return (await store.commit([part], records))[0]?.seq;
  }
}

/**
 * A store takes what is stored already as done, from a stale writer too. When the log has gone on since, somebody else drives
 * the run: whoever slept through that must not go out and do what the other has done.
 */
async function checkStillOwner(store: Committing, { logId, epoch }: CommitPart): Promise<void> {
  await store.commit([{ logId, expected: 'any', epoch, events: [] }]);
}

/** A run that somebody else has gone on with holds other events under the next ids; what is wrong is the takeover. */
async function causeOf(error: unknown, store: Committing, part: CommitPart): Promise<unknown> {
  if (!(error instanceof DuplicateEventError)) return error;
  try {
    await checkStillOwner(store, part);
    return error;
  } catch (fenced) {
    return fenced;
  }
}
