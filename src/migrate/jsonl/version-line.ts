/**
 * Decides what stands in front of the events of a run in a file: the format with its number, the run and where it was forked,
 * how many events follow and the chain hash of the last one, and a hash of the line itself.
 */
import { isJsonObject, type JsonValue, type Sha256 } from '../../base/index.ts';
import type { Head, LogInfo, LogKind } from '../../log/index.ts';
import { LineProblem } from './errors.ts';
import { jsonText } from './json-text.ts';

export const formatName = 'runlog.events';
/** A later format is a new number, never a new meaning of this one. */
export const formatVersion = 1;

export interface VersionLine {
  readonly id: string;
  readonly kind: LogKind;
  readonly label: string | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** The run that it was forked from, the last place that it shares with it, and the chain hash there. */
  readonly parent: { readonly runId: string; readonly atSeq: number; readonly hash: string } | null;
  /** How many events follow, those that it shares with its parent included. */
  readonly events: number;
  /** Chain hash of the last one. */
  readonly headHash: string;
}

/** What a store says of a run, and the chain hash at its fork point, as a line without its line feed. */
export function versionLineText(
  { id, kind, label, createdAt, parent }: LogInfo,
  head: Head,
  parentHash: string | null,
  sha256: Sha256,
): string {
  const fork =
    parent === null || parentHash === null
      ? null
      : { run: parent.logId, seq: parent.atSeq, hash: parentHash };
  const text = jsonText({
    format: formatName,
    version: formatVersion,
    run: { id, kind, label, created_at: createdAt },
    parent: fork,
    events: head.seq,
    head: head.hash,
  });
  const open = text.slice(0, -1);
  return `${open},"hash":"${sha256(open)}"}`;
}

const ending = /,"hash":"([0-9a-f]{64})"\}$/;

/** True for a line that begins a run, of whatever version. */
export function isVersionLine(value: unknown): boolean {
  return isJsonObject(value) && Object.hasOwn(value, 'format');
}

/** Throws a `LineProblem`. `value` is what the text says. */
export function parseVersionLine(text: string, value: unknown, sha256: Sha256): VersionLine {
  if (!isJsonObject(value)) throw new LineProblem('it is no version line');
  const { format, version, run, parent, events, head } = value;
  if (format !== formatName) throw new LineProblem(`its format is ${shown(format)}, and not '${formatName}'`);
  if (version !== formatVersion)
    throw new LineProblem(
      `it has version ${shown(version)} of the format, and this runlog reads version ${formatVersion}`,
    );
  const found = ending.exec(text);
  if (found === null || sha256(text.slice(0, found.index)) !== found[1])
    throw new LineProblem('the version line was altered: its hash does not belong to it');
  if (!isJsonObject(run)) throw new LineProblem('the version line names no run');
  const { id, kind, label, created_at: createdAt } = run;
  if (typeof id !== 'string' || (kind !== 'run' && kind !== 'session') || typeof createdAt !== 'string')
    throw new LineProblem('the version line names no run');
  if (!isMoment(createdAt))
    throw new LineProblem(`the run was made at ${shown(createdAt)}, which is no moment of ISO 8601`);
  if (typeof label !== 'string' && label !== null) throw new LineProblem('the label of the run is no text');
  return {
    id,
    kind,
    label,
    createdAt,
    parent: parentOf(parent),
    events: countOf(events),
    headHash: hashOf(head),
  };
}

function parentOf(value: JsonValue | undefined): VersionLine['parent'] {
  if (value === null) return null;
  if (!isJsonObject(value) || typeof value['run'] !== 'string')
    throw new LineProblem('the version line does not say which run this one was forked from');
  return { runId: value['run'], atSeq: countOf(value['seq']), hash: hashOf(value['hash']) };
}

function countOf(value: JsonValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new LineProblem('the version line holds something else than a count');
}

function hashOf(value: JsonValue | undefined): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw new LineProblem('the version line holds something else than a chain hash');
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}

function shown(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? null).slice(0, 40);
}
