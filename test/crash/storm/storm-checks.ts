// Decides what is asked of a store after each kill, and what is counted.
import { hash } from 'node:crypto';
import { chainHash, genesisHash, type Head, type LogStore } from 'runlog/log';
import { stormBatch, stormDocument, stormPayload, stormRun } from './storm-batch.ts';

export interface StormCounts {
  kills: number;
  /** Of these, before the process had acknowledged anything. */
  early: number;
  /** Events of acknowledged batches. */
  acknowledged: number;
  /** Events of batches that were stored, and whose acknowledgement fell to the kill. */
  unheard: number;
  /** Acknowledged batches that are not there. */
  lost: number;
  /** Kills that left a part of a batch, or a document without its batch. */
  torn: number;
  /** Events that stand at a place that is not theirs, and batches that changed something when they were sent again. */
  twice: number;
  /** Kills that left a chain or a head that does not verify, and stores that `doctor` calls damaged. */
  broken: number;
}

export interface Acknowledgement {
  readonly seq: number;
  readonly hash: string;
}

export const nothingCounted = (): StormCounts => ({
  ...{ kills: 0, early: 0, acknowledged: 0, unheard: 0 },
  ...{ lost: 0, torn: 0, twice: 0, broken: 0 },
});

/** How far a run was looked at: after each kill only what is new is read. */
export interface Looked {
  seq: number;
  hash: string;
}

export const nothingLooked = (): Looked => ({ seq: 0, hash: genesisHash });

/** Looks at what is new since the last kill, and counts. */
export async function countDeath(
  store: LogStore,
  looked: Looked,
  acknowledged: readonly Acknowledgement[],
  counts: StormCounts,
): Promise<void> {
  counts.kills += 1;
  if (acknowledged.length === 0) counts.early += 1;
  if ((await store.info(stormRun)) === undefined) {
    counts.lost += acknowledged.length;
    return;
  }
  const before = looked.seq;
  const found: Found = { hashes: new Map([[looked.seq, looked.hash]]), isBroken: false, lastOfBatch: before };
  let look = await lookOn(store, looked, found, counts);
  // A server may still end what it was told by somebody who is dead: whatever came between is read too.
  for (let read = -1; look.head.seq !== looked.seq && read !== looked.seq;) {
    read = looked.seq;
    look = await lookOn(store, looked, found, counts);
  }
  const { head, document } = look;
  if (found.isBroken || head.seq !== looked.seq || head.hash !== looked.hash) counts.broken += 1;
  if (found.lastOfBatch !== head.seq || document !== head.seq) counts.torn += 1;
  counts.lost += acknowledged.filter((each) => found.hashes.get(each.seq) !== each.hash).length;
  const heard = acknowledged.at(-1)?.seq ?? before;
  counts.acknowledged += heard - before;
  counts.unheard += head.seq - heard;
}

interface Found {
  /** The chain hash after each place. */
  readonly hashes: Map<number, string>;
  isBroken: boolean;
  /** The place at which the last batch ends that something is there of. */
  lastOfBatch: number;
}

/** Reads the events, then the document, then the head: with the head at the last event nothing came between. */
async function lookOn(
  store: LogStore,
  looked: Looked,
  found: Found,
  counts: StormCounts,
): Promise<{ readonly head: Head; readonly document: number }> {
  for await (const page of store.read(stormRun, { after: looked.seq, hashes: true })) {
    for (const event of page) {
      const { n, first, size } = stormPayload.parse(JSON.parse(event.payload));
      const [expected] = stormBatch(n, 1);
      const isItsOwn = n === event.seq && event.id === expected?.id;
      if (!isItsOwn) counts.twice += 1;
      looked.hash = chainHash(looked.hash, event, (text) => hash('sha256', text, 'hex'));
      found.isBroken ||= event.hash !== looked.hash || event.seq !== looked.seq + 1;
      looked.seq = event.seq;
      found.hashes.set(event.seq, looked.hash);
      found.lastOfBatch = first + size - 1;
    }
  }
  const document = await store.record(stormDocument.kind, stormDocument.id);
  return { head: await store.head(stormRun), document: Number(document?.value ?? 0) };
}
