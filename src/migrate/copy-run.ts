/** Decides how one run is written and proved: the pages of the source in one transaction, then everything read back and chained again. */
import type { Sha256 } from '../base/index.ts';
import {
  chainHash,
  damagedHistory,
  genesisHash,
  type Head,
  type WholeLogStore,
  type RecordWrite,
  type StoredRecord,
} from '../log/index.ts';
import type { ChosenRun } from './choose-runs.ts';
import { type ImportOptions, ImportStream, type OnPage } from './import-stream.ts';
import { canBeMarked, markWrite } from './partial-mark.ts';
import { readAhead } from './read-ahead.ts';
import { documentsDigest, takeRecords } from './session-documents.ts';
import type { MigrationSource } from './source.ts';
import { storedHashAt } from './stored-hash.ts';

export interface CopyPlace {
  /** The head of a run that is there already and is gone on with. */
  readonly continues: Head | null;
  /** The head of a run that is there and is written anew. */
  readonly replaces: Head | null;
}

/** Where the copy of a run begins. */
async function startOf(
  { run }: ChosenRun,
  destination: WholeLogStore,
  continues: Head | null,
): Promise<{ readonly after: number; readonly hash: string }> {
  if (continues !== null) return { after: continues.seq, hash: continues.hash };
  if (run.parent === null) return { after: 0, hash: genesisHash };
  const { runId, atSeq } = run.parent;
  const hash = await storedHashAt(destination, runId, atSeq);
  if (hash === null)
    throw damagedHistory({ logId: runId, seq: atSeq, what: 'The fork point is missing in the destination' });
  return { after: atSeq, hash };
}

export interface CopiedRun {
  /** Tells what was written and what was left out. */
  readonly stream: ImportStream;
  /** As the destination has chained what it was given; compared with what the source says before it is there. */
  readonly head: Head;
  /** The documents that were written. */
  readonly records: readonly StoredRecord[];
}

/** Writes the run, all or nothing. */
export async function copyRun(
  source: MigrationSource,
  chosen: ChosenRun,
  destination: WholeLogStore,
  { continues, replaces }: CopyPlace,
  options: Omit<ImportOptions, 'upTo'>,
): Promise<CopiedRun> {
  const { run, events } = chosen;
  const start = await startOf(chosen, destination, continues);
  const stream = new ImportStream(source, run, start, {
    ...options,
    upTo: events,
    isChainedElsewhere: true,
  });
  const { records, skipped } = await takeRecords(source, chosen, options.skipCorrupted);
  stream.skippedRows.push(...skipped);
  const storedHash = await source.hashAt(run, events);
  const lease = continues === null ? null : await destination.acquire(run.id);
  const origin = stream.origin();
  try {
    const head = await destination.copyIn({
      log: { id: run.id, kind: run.kind, label: run.label, createdAt: run.createdAt },
      parent: run.parent === null ? null : { logId: run.parent.runId, atSeq: run.parent.atSeq },
      after: start.after,
      epoch: lease?.epoch ?? null,
      replaces,
      pages: stream.pages(),
      ...(origin === undefined ? {} : { origin }),
      records: (written) => {
        checkWhole(chosen, stream, written, { after: start.after, storedHash });
        return [
          ...records.map(asWrite),
          ...marksOf(source, chosen, { stream, head: written, records, sha256: options.sha256 }),
        ];
      },
    });
    return { stream, head, records };
  } finally {
    if (lease !== null) await destination.release(lease);
  }
}

/**
 * What was read has to be what the source says it holds; asked inside the transaction, so that nothing of a damaged run comes.
 * Throws `DamagedHistoryError`.
 */
function checkWhole(
  { run, events }: ChosenRun,
  stream: ImportStream,
  head: Head,
  { after, storedHash }: { readonly after: number; readonly storedHash: string | null },
): void {
  const read = after + stream.events + stream.skipped.length;
  if (read !== events) {
    const what = `${events} events were counted and ${read} could be read: the rest`;
    throw damagedHistory({ logId: run.id, seq: read, what });
  }
  if (storedHash !== null && head.hash !== storedHash)
    throw damagedHistory({
      logId: run.id,
      seq: events,
      what: 'The stored hash does not belong to what was read: the run',
    });
}

function asWrite({ kind, id, value, fields }: StoredRecord): RecordWrite {
  return { kind, id, expectedVersion: 'any', value, ...(fields === undefined ? {} : { fields }) };
}

/** A run of our own that came whole needs no mark: its records came along. */
function marksOf(
  source: MigrationSource,
  { run }: ChosenRun,
  { stream, head, records, sha256 }: CopiedRun & { readonly sha256: Sha256 },
): readonly RecordWrite[] {
  const skipped = [...stream.skipped, ...stream.skippedRows];
  if (run.headHash !== null && skipped.length === 0) return [];
  // A run whose id leaves no room for more comes without the mark.
  if (!canBeMarked(run.id)) return [];
  return [
    markWrite(run.id, {
      source: source.location,
      format: source.format,
      seq: head.seq,
      hash: head.hash,
      skipped,
      inexact: source.inexact?.(run.id) ?? [],
      digest: source.digest(run.id),
      documents: documentsDigest(records, sha256),
    }),
  ];
}

/** A place of a run whose past is known to be right, with its chain hash. */
export interface ProvedPlace {
  readonly seq: number;
  readonly hash: string;
}

/** The last place that a run shares in the destination with its parent, which was proved before it; `null` without one. */
export async function provedPast(
  { run }: ChosenRun,
  destination: WholeLogStore,
): Promise<ProvedPlace | undefined> {
  const there = (await destination.info(run.id))?.parent ?? null;
  if (there === null || run.parent === null || there.logId !== run.parent.runId) return undefined;
  const seq = Math.min(there.atSeq, run.parent.atSeq);
  const hash = await storedHashAt(destination, there.logId, seq);
  return hash === null ? undefined : { seq, hash };
}

/**
 * Reads a run of the destination and computes its chain up to a place, from the beginning or from one that is proved. Throws
 * `DamagedHistoryError` when the chain hash there is another one.
 */
export async function verifyRun(
  destination: WholeLogStore,
  runId: string,
  expected: ProvedPlace,
  options: { readonly sha256: Sha256; readonly onPage?: OnPage; readonly proved?: ProvedPlace | undefined },
): Promise<string> {
  let { seq, hash } = options.proved ?? { seq: 0, hash: genesisHash };
  for await (const page of readAhead(destination.read(runId, { after: seq, before: expected.seq + 1 }))) {
    for (const event of page) hash = chainHash(hash, event, options.sha256);
    seq += page.length;
    await options.onPage?.(seq);
  }
  if (seq === expected.seq && hash === expected.hash) return hash;
  throw damagedHistory({
    logId: runId,
    seq,
    what: `What was read back has head ${hash} after ${seq} events, and what was written has ${expected.hash} after ${expected.seq}: it`,
  });
}
