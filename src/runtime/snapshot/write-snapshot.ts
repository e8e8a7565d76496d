/**
 * Decides how a snapshot is written: text by text, in commits of some megabytes, and valid with the last of them. Only the
 * run's owner writes, and what was there before is cleared away.
 */
import type { Sha256 } from '../../base/index.ts';
import { type Tables, tablesToTexts } from '../../graph/index.ts';
import type { Lease, LogStore, RecordWrite } from '../../log/index.ts';
import type { RunState } from '../run/run-state.ts';
import { packState } from './packed-state.ts';
import {
  headWrite,
  partWrite,
  removal,
  removalOfUnknown,
  type SnapshotHead,
  snapshotsOf,
} from './snapshot-records.ts';

/** Characters after which a commit is ended. */
const commitAtLeast = 8 * 1024 * 1024;

/**
 * The texts of a run as it stands; `null` while it does not stand still. They end with `null` when they cannot tell it. Nobody
 * may change the run before the last one is taken.
 */
export function snapshotTexts(state: RunState, tables: Tables): Iterable<string | null> | null {
  const packed = packState(state);
  return packed === null ? null : withState(JSON.stringify(packed), tables);
}

function* withState(state: string, tables: Tables): Iterable<string | null> {
  yield state;
  yield* tablesToTexts(tables);
}

export interface SnapshotPlace {
  readonly seq: number;
  readonly hash: string;
}

/**
 * False when the texts cannot tell the run: nothing is left behind then. Rejects with the errors of `commit`; what was written
 * by then does not count, and is cleared away by the next snapshot.
 */
export async function writeSnapshot(
  store: LogStore,
  lease: Lease,
  { seq, hash }: SnapshotPlace,
  texts: Iterable<string | null>,
  platform: { readonly sha256: Sha256; readonly pause: () => Promise<void> },
): Promise<boolean> {
  const { logId, epoch } = lease;
  const { heads, others } = await snapshotsOf(store, logId);
  const commit = async (writes: readonly RecordWrite[]): Promise<void> => {
    await store.commit([{ logId, expected: 'any', epoch, events: [] }], writes);
  };
  for (const id of others) await commit(await removalOfUnknown(store, id));
  const parts: string[] = [];
  const head: SnapshotHead = { logId, seq, hash, parts, isComplete: false };
  let writes: RecordWrite[] = [];
  let characters = 0;
  for (const text of texts) {
    if (text === null) {
      await commit(removal(head));
      return false;
    }
    writes.push(partWrite(head, parts.length, text));
    parts.push(platform.sha256(text));
    characters += text.length;
    if (characters < commitAtLeast) continue;
    await commit([headWrite(head), ...writes]);
    writes = [];
    characters = 0;
    await platform.pause();
  }
  await commit([...writes, headWrite({ ...head, isComplete: true }), ...stale(heads, head)]);
  return true;
}

/** What a new snapshot makes superfluous: all but the one before it. */
function stale(before: readonly SnapshotHead[], written: SnapshotHead): readonly RecordWrite[] {
  const previous = before.findLast(({ isComplete, seq }) => isComplete && seq < written.seq);
  return before
    .filter((head) => head !== previous)
    .flatMap((head) => (head.seq === written.seq ? removal(head, written.parts.length) : removal(head)));
}
