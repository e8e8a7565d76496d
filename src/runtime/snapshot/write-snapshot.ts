/**
 * Decides how a snapshot is written: the texts are made in one piece, so that they tell of one moment, and committed in a few
 * steps, so that the run can go on in between. Only the run's owner writes, and what was there before is cleared away.
 */
import type { Sha256 } from '../../base/index.ts';
import { type Tables, tablesToTexts } from '../../graph/index.ts';
import type { Lease, LogStore, RecordWrite } from '../../log/index.ts';
import type { RunState } from '../run/run-state.ts';
import { packState } from './packed-state.ts';
import { headWrite, partWrite, removal, type SnapshotHead, snapshotsOf } from './snapshot-records.ts';

/** Characters after which a commit is ended. */
const commitAtLeast = 8 * 1024 * 1024;

/** The texts of a run as it stands; `null` when it does not stand still, or holds what JSON cannot tell. */
export function snapshotTexts(state: RunState, tables: Tables): readonly string[] | null {
  const packed = packState(state);
  const texts = packed === null ? null : tablesToTexts(tables);
  return texts === null ? null : [JSON.stringify(packed), ...texts];
}

export interface SnapshotPlace {
  readonly seq: number;
  readonly hash: string;
}

/** Rejects with the errors of `commit`; what was written by then does not count, and is cleared away by the next snapshot. */
export async function writeSnapshot(
  store: LogStore,
  lease: Lease,
  { seq, hash }: SnapshotPlace,
  texts: readonly string[],
  platform: { readonly sha256: Sha256; readonly pause: () => Promise<void> },
): Promise<void> {
  const { logId, epoch } = lease;
  const guard = { logId, expected: 'any', epoch, events: [] } as const;
  const parts: string[] = [];
  const head: SnapshotHead = { logId, seq, hash, parts, isComplete: false };
  for (const text of texts) parts.push(platform.sha256(text));
  const { heads } = await snapshotsOf(store, logId);
  let writes: RecordWrite[] = [headWrite(head)];
  let characters = 0;
  for (const [index, text] of texts.entries()) {
    writes.push(partWrite(head, index, text));
    characters += text.length;
    if (characters < commitAtLeast) continue;
    await store.commit([guard], writes);
    writes = [];
    characters = 0;
    await platform.pause();
  }
  await store.commit([guard], [...writes, headWrite({ ...head, isComplete: true }), ...stale(heads, head)]);
}

/** What a new snapshot makes superfluous: all but the one before it. */
function stale(before: readonly SnapshotHead[], written: SnapshotHead): readonly RecordWrite[] {
  const previous = before.findLast(({ isComplete, seq }) => isComplete && seq < written.seq);
  return before
    .filter((head) => head !== previous)
    .flatMap((head) => (head.seq === written.seq ? removal(head, written.parts.length) : removal(head)));
}
