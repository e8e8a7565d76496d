/**
 * Decides how a run stands that was brought from a source which lives on, as long as nobody has touched it here: what the source knows
 * better is written anew, and what the source has cleared away stays.
 */
import type { Sha256 } from '../base/index.ts';
import type { EventRow, Head, LogStore } from '../log/index.ts';
import type { ChosenRun } from './choose-runs.ts';
import type { ProvedPlace } from './copy-run.ts';
import { readMark } from './partial-mark.ts';
import { documentsDigest, storedDocuments, takeRecords } from './session-documents.ts';
import type { MigrationSource } from './source.ts';
import type { Standing } from './standing.ts';

/** A run that is in both. */
export interface Living {
  readonly source: MigrationSource;
  readonly chosen: ChosenRun;
  readonly destination: LogStore;
  readonly head: Head;
  readonly sha256: Sha256;
}

/** `null` when it is no such run, or when the two tell different histories. */
export async function livingStanding(living: Living): Promise<Standing | null> {
  const { source, head } = living;
  if (source.isEnd === undefined || !(await isAsItCame(living))) return null;
  const mine = rowsThere(living);
  const theirs = rowsOf(living);
  for (;;) {
    const [own, other] = [await mine.next(), await theirs.next()];
    if (other.done === true) {
      const hasEndOnly = own.done !== true && source.isEnd(own.value) && (await mine.next()).done === true;
      return hasEndOnly ? { kind: 'partial', head } : presentWithMore(source, head);
    }
    if (other.value === null) return null;
    if (own.done !== true && isSame(own.value, other.value)) continue;
    // An end that was not the end, and an end behind what the source does not have any more.
    if (own.done === true || (source.isEnd(own.value) && (await mine.next()).done === true))
      return { kind: 'partial', head };
    return source.isEnd(other.value) && (await theirs.next()).done === true
      ? presentWithMore(source, head)
      : null;
  }
}

/** The same events under a row that says something else now. */
export async function hasNewRow(living: Living): Promise<boolean> {
  return living.source.isEnd !== undefined && (await isAsItCame(living));
}

/** A row that somebody changed here: the one of the source would be written over it. False where nobody wrote down what came. */
export async function hasRowOfItsOwn({
  source,
  chosen,
  destination,
  head,
  sha256,
}: Living): Promise<boolean> {
  const came = source.isEnd === undefined ? null : ((await readMark(destination, head))?.documents ?? null);
  if (came === null) return false;
  const { records } = await takeRecords(source, chosen, true);
  const there = documentsDigest(await storedDocuments(destination, records), sha256);
  return there !== came && there !== documentsDigest(records, sha256);
}

/** The store has all events of the source, and more. */
export function presentWithMore(source: MigrationSource, proof: ProvedPlace): Standing {
  const note = 'the store has events of it that the source has not; they are kept';
  return { kind: 'present', proof, ...(source.isEnd === undefined ? {} : { note }) };
}

async function isAsItCame({ source, chosen, destination, head, sha256 }: Living): Promise<boolean> {
  const mark = await readMark(destination, head);
  if (mark === null || mark.seq !== head.seq || mark.hash !== head.hash || mark.documents === null)
    return false;
  const { records } = await takeRecords(source, chosen, true);
  return mark.documents === documentsDigest(await storedDocuments(destination, records), sha256);
}

async function* rowsThere({ chosen, destination }: Living): AsyncGenerator<EventRow> {
  for await (const page of destination.read(chosen.run.id)) yield* page;
}

/** `null` for an event that cannot be kept. */
async function* rowsOf({ source, chosen }: Living): AsyncGenerator<EventRow | null> {
  for await (const page of source.events(chosen.run, 0))
    for (const event of page) yield event.ok ? event.row : null;
}

function isSame(own: EventRow, other: EventRow): boolean {
  return (
    own.id === other.id &&
    own.type === other.type &&
    own.payload === other.payload &&
    own.timestamp === other.timestamp
  );
}
