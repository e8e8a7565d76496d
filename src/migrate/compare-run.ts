/**
 * Decides how a run of the destination stands to the one of the source that has its id: the same, its beginning, a part of it
 * that was migrated with skips, or another run.
 */
import { genesisHash, type LogInfo, type LogStore } from '../log/index.ts';
import type { ChosenRun } from './choose-runs.ts';
import { hasNewRow, hasRowOfItsOwn, type Living, livingStanding, presentWithMore } from './compare-living.ts';
import { ImportStream, type ImportOptions } from './import-stream.ts';
import { readMark } from './partial-mark.ts';
import { differingDocument, takeRecords } from './session-documents.ts';
import type { MigrationSource } from './source.ts';
import type { Standing } from './standing.ts';
import { storedHashAt } from './stored-hash.ts';

export async function standingOf(
  source: MigrationSource,
  chosen: ChosenRun,
  destination: LogStore,
  options: Omit<ImportOptions, 'upTo'>,
): Promise<Standing> {
  const info = await destination.info(chosen.run.id);
  if (info === undefined) return { kind: 'missing' };
  if (info.kind !== chosen.run.kind)
    return { kind: 'conflict', why: `a ${info.kind} stands there under this id` };
  const { head } = info;
  const living = { source, chosen, destination, head, sha256: options.sha256 };
  const hashes = await sourceHashes(source, chosen, head.seq, options);
  if (hashes.atHead === head.hash && head.seq <= hashes.events) {
    if (head.seq === hashes.events) return besides(living, info.kind, options.skipCorrupted);
    // Behind events that were left out, places of the source are not those of the destination: it is written anew.
    const isWhole = ((await readMark(destination, head))?.skipped ?? []).length === 0;
    if (!isWhole) return differing(living, hashes);
    return (await hasRowOfItsOwn(living))
      ? { kind: 'conflict', why: 'it goes on in the source, and its row was changed here meanwhile' }
      : { kind: 'prefix', head };
  }
  const isLonger = head.seq > hashes.events;
  if (isLonger && (await storedHashAt(destination, info.id, hashes.events)) === hashes.last)
    return (
      (await livingStanding(living)) ?? presentWithMore(source, { seq: hashes.events, hash: hashes.last })
    );
  return differing(living, hashes);
}

/** The events are the same; what stands beside them may not be. */
async function besides(living: Living, kind: LogInfo['kind'], skipCorrupted: boolean): Promise<Standing> {
  const { source, chosen, destination, head, sha256 } = living;
  const present = { kind: 'present', proof: head } as const;
  if (kind === 'run') return present;
  const { records, skipped } = await takeRecords(source, chosen, skipCorrupted);
  const other = await differingDocument(destination, records, sha256);
  if (other === null) return present;
  const mark = await readMark(destination, head);
  // A row that was left out before can be kept now.
  if ((mark?.skipped.length ?? 0) > skipped.length || (await hasNewRow(living)))
    return { kind: 'partial', head };
  return {
    kind: 'conflict',
    why: `its events are the same, and the ${other.kind} '${other.id}' beside them is another one`,
  };
}

interface SourceHashes {
  /** Events that would be written. */
  readonly events: number;
  readonly last: string;
  /** Chain hash where the destination's run ends; `null` when the source's is shorter. */
  readonly atHead: string | null;
}

async function sourceHashes(
  source: MigrationSource,
  { run, events }: ChosenRun,
  seq: number,
  options: Omit<ImportOptions, 'upTo'>,
): Promise<SourceHashes> {
  const last = await source.hashAt(run, events);
  if (last !== null) return { events, last, atHead: seq > events ? null : await source.hashAt(run, seq) };
  const stream = new ImportStream(
    source,
    run,
    { after: 0, hash: genesisHash },
    { ...options, upTo: events, watch: seq },
  );
  for await (const page of stream.pages()) void page;
  return { events: stream.events, last: stream.hash, atHead: seq === 0 ? genesisHash : stream.watched };
}

async function differing(living: Living, { events }: SourceHashes): Promise<Standing> {
  const { destination, head } = living;
  const mark = await readMark(destination, head);
  const isPartial = mark !== null && mark.skipped.length > 0;
  if (isPartial && mark.seq === head.seq && mark.hash === head.hash) return { kind: 'partial', head };
  const standing = await livingStanding(living);
  if (standing !== null) return standing;
  const continued = isPartial ? ', and was continued after it had been migrated with skips' : '';
  return {
    kind: 'conflict',
    why: `another run stands there under this id: ${head.seq} events with head ${head.hash}, of which the ${events} of the source are neither a part nor the rest${continued}`,
  };
}
