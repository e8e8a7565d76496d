/**
 * Decides how two runs of one store are compared: the past that they share is skipped by its hashes, what each did behind it is
 * read once, and events and state are compared from that. Costs what the tails cost, whatever the length of the past.
 */
import { decodeEvent, type LogEvent, type LogInfo, type LogStore, runNotFound } from '../../log/index.ts';
import { commonPast } from './common-past.ts';
import { diffEvents } from './diff-events.ts';
import { diffState } from './diff-state.ts';
import { eventRef } from './element-causes.ts';
import type { ComparedRun, EventRef, RunDiff } from './run-diff.ts';
import { usageOf } from './side-usage.ts';

/**
 * The difference of two runs, of any kinship, as far as they are stored. Rejects with `RunNotFoundError`, and with
 * `CorruptedEventPayloadError` at a payload that cannot be read.
 */
export async function diffRuns(store: LogStore, leftId: string, rightId: string): Promise<RunDiff> {
  const left = await infoOf(store, leftId);
  const right = leftId === rightId ? left : await infoOf(store, rightId);
  const past = await commonPast(store, left, right);
  const { equalSeq, inheritedSeq, kinship } = past;
  const tails = {
    left: await tailOf(store, left, equalSeq),
    right: await tailOf(store, right, equalSeq),
  };
  const { shared, onlyLeft, onlyRight } = diffEvents(tails);
  const state = await diffState({ store, logId: leftId, toSeq: equalSeq }, tails);
  return {
    left: comparedRun(left),
    right: comparedRun(right),
    kinship,
    forkPoint: kinship === 'same' ? null : await eventAt(store, leftId, inheritedSeq),
    past: { inheritedSeq, equalSeq },
    events: { shared: equalSeq + shared, onlyLeft, onlyRight },
    ...state,
    usage: { left: usageOf(tails.left), right: usageOf(tails.right) },
    isIdentical: onlyLeft.length + onlyRight.length + state.objects.length + state.relations.length === 0,
  };
}

async function infoOf(store: LogStore, runId: string): Promise<LogInfo> {
  const info = await store.info(runId);
  if (info === undefined || info.kind !== 'run') throw runNotFound({ logId: runId, operation: 'diff' });
  return info;
}

/** Up to the head as it was when the comparison began: a run may go on meanwhile. */
async function tailOf(store: LogStore, { id, head }: LogInfo, after: number): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  if (after >= head.seq) return events;
  for await (const page of store.read(id, { after, before: head.seq + 1 })) {
    for (const stored of page) events.push(decodeEvent(stored, id));
  }
  return events;
}

function comparedRun({ id, label, head, parent }: LogInfo): ComparedRun {
  return {
    runId: id,
    label,
    events: head.seq,
    headHash: head.hash,
    parent: parent === null ? null : { runId: parent.logId, atSeq: parent.atSeq },
  };
}

async function eventAt(store: LogStore, runId: string, seq: number): Promise<EventRef | null> {
  if (seq === 0) return null;
  for await (const page of store.read(runId, { after: seq - 1, before: seq + 1, limit: 1 })) {
    const [stored] = page;
    if (stored !== undefined) return eventRef({ ...stored, payload: {} });
  }
  return null;
}
