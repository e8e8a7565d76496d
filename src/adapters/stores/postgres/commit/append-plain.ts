/**
 * Decides which commits are plain enough for one call: the next places of one log, with documents beside them or without. The
 * server compares; what it finds to be anything else is answered with "no", and has to be looked at as a whole.
 */
import { isEventIdAt, seqOfEventId, type Sha256 } from '../../../../base/index.ts';
import {
  type EventRow,
  type Head,
  hashLine,
  type RecordWrite,
  type SessionPart,
} from '../../../../log/index.ts';
import type { AppendGroups } from './append-groups.ts';
import { flagOf, hashOf, numberOf } from '../cells.ts';
import type { Cell } from '../connection.ts';
import { chainBytes, eventLists, listTypes, storedIds } from './event-lists.ts';

/** Heads as this handle has seen them last. Another process may have gone on since: the server compares. */
export class KnownHeads {
  readonly #heads = new Map<string, Head>();

  get(logId: string): Head | undefined {
    return this.#heads.get(logId);
  }

  /** A server that writes ten thousand logs once each must not remember them all. */
  remember(head: Head): void {
    if (this.#heads.size >= 1000 && !this.#heads.has(head.logId)) this.#heads.clear();
    this.#heads.set(head.logId, head);
  }

  forget(logId: string): void {
    this.#heads.delete(logId);
  }
}

export interface PlainAppend {
  readonly part: SessionPart;
  readonly records: readonly RecordWrite[];
  /** NULL for canonical ids; null when all of them are. */
  readonly ids: readonly (string | null)[] | null;
}

/** Null when the commit is not plain, as far as that can be told from here. */
export function asPlain(parts: readonly SessionPart[], records: readonly RecordWrite[]): PlainAppend | null {
  const [part, another] = parts;
  if (part === undefined || another !== undefined || part.events.length === 0) return null;
  const documents = new Set(records.map(({ kind, id }) => `${kind}\0${id}`));
  // Documents with fields are written as a whole.
  if (documents.size < records.length || records.some(({ fields }) => fields !== undefined)) return null;
  const { expected, events } = part;
  // Without a known place nobody can say from here whether an id such as evt_017 is the one of its place.
  const isOdd = ({ id }: EventRow, index: number): boolean =>
    seqOfEventId(id) !== null && (expected === 'any' || !isEventIdAt(id, expected + index + 1));
  if (events.some(isOdd)) return null;
  return {
    part,
    records,
    ids: expected === 'any' ? events.map(({ id }) => id) : storedIds(events, expected),
  };
}

export interface Writer {
  readonly sha256: Sha256;
  readonly known: KnownHeads;
  /** Who holds what this commit may prolong. */
  readonly holder: string | null;
  readonly leaseMs: number;
  /** What `synchronous_commit` has to be, or has not to fall below. */
  readonly syncCommit: 'on' | 'off';
}

export interface PlainAnswer {
  readonly head: Head;
  /** False when the handle that holds something has lost its row. */
  readonly isRegistered: boolean;
}

/** The types of the arguments of `append_events`. */
export const plainTypes = [
  ...['text', 'bigint', 'bigint', 'bytea', 'bytea', 'text[]', 'boolean', 'text', 'bigint', 'text'],
  ...['text[]', 'text[]', 'bigint[]', 'text[]'],
  ...listTypes,
];

/** Null when nothing was written, because the commit is not plain. */
export async function appendPlain(
  groups: AppendGroups,
  { part, records, ids }: PlainAppend,
  writer: Writer,
): Promise<PlainAnswer | null> {
  const { logId, expected, epoch, events } = part;
  const { sha256, holder, leaseMs, syncCommit } = writer;
  const known = writer.known.get(logId);
  const chain: readonly Cell[] =
    known !== undefined && known.seq === expected
      ? [Buffer.from(known.hash, 'hex'), chainBytes(known.hash, events, sha256), null]
      : [null, null, events.map((event) => hashLine(event, sha256))];
  const answer = await groups.append({
    logId,
    recordIds: records.map(({ id }) => id),
    events: events.length,
    values: [
      logId,
      expected === 'any' ? null : expected,
      epoch,
      ...chain,
      // A part of a session must not reach the log of a run, and what it says is looked at as a whole.
      part.log?.kind === 'session' || events.some(isUnfitForRun),
      holder,
      leaseMs,
      syncCommit,
      ...recordLists(records),
      ...eventLists(events, ids),
    ],
  });
  if (answer === null) return null;
  const [seq, hash, isRegistered] = answer.split(' ');
  const head = { logId, seq: numberOf(seq), hash: hashOf(hash) };
  writer.known.remember(head);
  return { head, isRegistered: flagOf(isRegistered) };
}

function recordLists(records: readonly RecordWrite[]): readonly Cell[] {
  if (records.length === 0) return [null, null, null, null];
  return [
    records.map(({ kind }) => kind),
    records.map(({ id }) => id),
    records.map(({ expectedVersion }) => (expectedVersion === 'any' ? null : expectedVersion)),
    records.map(({ value }) => value),
  ];
}

/** True for what the log of a run has no place for: then the whole plan says so, if it is one. */
function isUnfitForRun({ runId, provider, correlationId, metadata, schemaVersion }: EventRow): boolean {
  const hasSessionFields = (runId ?? provider ?? correlationId ?? metadata) !== null;
  return hasSessionFields || (schemaVersion !== null && schemaVersion < 1);
}
