/**
 * Decides how much of two logs is one history. What forks inherit is read off their lineages; what was done alike behind that,
 * or in logs without kinship, is found by chain hashes: equal hashes at a place mean equal events up to it.
 */
import { genesisHash, type LogInfo, type LogStore, stretchesOf } from '../../log/index.ts';

/** How two runs are related. `siblings` share a past, and none of them is the past of the other. */
export type Kinship = 'same' | 'right-is-fork' | 'left-is-fork' | 'siblings' | 'none';

export interface CommonPast {
  readonly kinship: Kinship;
  /** The last place that is one and the same event, because both logs read it from one place. */
  readonly inheritedSeq: number;
  /** The last place up to which the histories are equal; never less than `inheritedSeq`. */
  readonly equalSeq: number;
}

export async function commonPast(store: LogStore, left: LogInfo, right: LogInfo): Promise<CommonPast> {
  const inheritedSeq = inheritedBy(left, right);
  const kinship = kinshipOf(left, right, inheritedSeq);
  return { kinship, inheritedSeq, equalSeq: await lastEqualPlace(store, left, right, inheritedSeq) };
}

/** Both read the same places from the same log, up to where one of them goes its own way. */
function inheritedBy(left: LogInfo, right: LogInfo): number {
  const shorter = Math.min(left.head.seq, right.head.seq);
  const others = stretchesOf(right);
  let inherited = 0;
  for (const [index, stretch] of stretchesOf(left).entries()) {
    const other = others[index];
    if (other?.logId !== stretch.logId) break;
    inherited = Math.min(stretch.to, other.to, shorter);
  }
  return inherited;
}

function kinshipOf(left: LogInfo, right: LogInfo, inheritedSeq: number): Kinship {
  if (left.id === right.id) return 'same';
  if (descends(right, left.id)) return 'right-is-fork';
  if (descends(left, right.id)) return 'left-is-fork';
  return inheritedSeq > 0 ? 'siblings' : 'none';
}

function descends({ parent, lineage }: LogInfo, ancestor: string): boolean {
  return parent?.logId === ancestor || lineage.some(({ logId }) => logId === ancestor);
}

/** Steps that double, then halves: most runs part soon behind what they inherited. */
async function lastEqualPlace(
  store: LogStore,
  left: LogInfo,
  right: LogInfo,
  inherited: number,
): Promise<number> {
  const areEqualAt = async (seq: number): Promise<boolean> =>
    (await hashAt(store, left, seq)) === (await hashAt(store, right, seq));
  let equal = inherited;
  let differs = Math.min(left.head.seq, right.head.seq) + 1;
  for (let step = 1; equal + step < differs; step *= 2) {
    if (await areEqualAt(equal + step)) equal += step;
    else differs = equal + step;
  }
  while (differs - equal > 1) {
    const middle = Math.floor((equal + differs) / 2);
    if (await areEqualAt(middle)) equal = middle;
    else differs = middle;
  }
  return equal;
}

async function hashAt(store: LogStore, { id, head }: LogInfo, seq: number): Promise<string | null> {
  if (seq === 0) return genesisHash;
  if (seq === head.seq) return head.hash;
  const place = { after: seq - 1, before: seq + 1, limit: 1, hashes: true };
  for await (const page of store.read(id, place)) return page[0]?.hash ?? null;
  return null;
}
