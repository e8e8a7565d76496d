/** Decides what a store's answer to a commit means to the run that asked for it. */
import {
  type CommitPart,
  DuplicateEventError,
  type LogStore,
  type RecordWrite,
  UnknownCommitError,
} from '../../log/index.ts';

/** Resolves when the part is durable. Rejects with what kept the run from being written, and is not asked again then. */
export async function commitPart(
  store: LogStore,
  part: CommitPart,
  records: readonly RecordWrite[],
): Promise<void> {
  try {
    await commitSettled(store, part, records);
  } catch (error) {
    throw await causeOf(error, store, part);
  }
}

/** A store that does not know whether it committed is asked once more: the same commit settles it without writing twice. */
async function commitSettled(
  store: LogStore,
  part: CommitPart,
  records: readonly RecordWrite[],
): Promise<void> {
  try {
    await store.commit([part], records);
  } catch (error) {
    if (!(error instanceof UnknownCommitError)) throw error;
    await store.commit([part], records);
  }
}

/** A run that somebody else has gone on with holds other events under the next ids; what is wrong is the takeover. */
async function causeOf(error: unknown, store: LogStore, { logId, epoch }: CommitPart): Promise<unknown> {
  if (!(error instanceof DuplicateEventError)) return error;
  try {
    await store.commit([{ logId, expected: 'any', epoch, events: [] }]);
    return error;
  } catch (fenced) {
    return fenced;
  }
}
