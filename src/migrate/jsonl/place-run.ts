/**
 * Decides where a run of a file begins in the destination: at its beginning, behind what it shares with a parent that is there, or
 * behind what is there of itself; and when the destination says otherwise.
 */
import type { Head, LogStore } from '../../log/index.ts';
import { storedHashAt } from '../stored-hash.ts';
import type { VersionLine } from './version-line.ts';

/** The events up to `after` are not written; the chain hash there has to be `hash`, where one is given. */
export type Placing =
  | {
      readonly kind: 'new';
      readonly parent: { readonly logId: string; readonly atSeq: number } | null;
      readonly after: number;
      readonly hash: string | null;
      readonly note: string | null;
    }
  | { readonly kind: 'continued'; readonly head: Head; readonly after: number; readonly hash: string }
  | { readonly kind: 'present' }
  | { readonly kind: 'conflict'; readonly why: string };

export async function placeRun(version: VersionLine, destination: LogStore): Promise<Placing> {
  const info = await destination.info(version.id);
  if (info === undefined) return newRun(version, destination);
  if (info.kind !== version.kind)
    return { kind: 'conflict', why: `a ${info.kind} stands there under this id` };
  const { head } = info;
  if (head.seq < version.events) return { kind: 'continued', head, after: head.seq, hash: head.hash };
  const there =
    head.seq === version.events ? head.hash : await storedHashAt(destination, version.id, version.events);
  return there === version.headHash
    ? { kind: 'present' }
    : { kind: 'conflict', why: anotherRun(head, version.events) };
}

export function anotherRun({ seq, hash }: Head, events: number): string {
  return `another run stands there under this id: ${seq} events with head ${hash}, of which the ${events} of the file are neither a part nor the rest`;
}

async function newRun({ parent }: VersionLine, destination: LogStore): Promise<Placing> {
  const alone = { kind: 'new', parent: null, after: 0, hash: null } as const;
  if (parent === null) return { ...alone, note: null };
  const { runId, atSeq, hash } = parent;
  const isThere = (await destination.info(runId)) !== undefined;
  if (isThere && (await storedHashAt(destination, runId, atSeq)) === hash)
    return { kind: 'new', parent: { logId: runId, atSeq }, after: atSeq, hash, note: null };
  const why = isThere ? 'has another history up to the fork point' : 'is not there';
  return {
    ...alone,
    note: `its parent '${runId}' ${why}: it comes with the events that it shares, as a run of its own`,
  };
}
