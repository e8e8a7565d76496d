/**
 * Decides how two runs of one store are compared: the past that they share is skipped by its hashes, what each did behind it is
 * read once, and events and state are compared from that. Costs what the tails cost, whatever the length of the past.
 */
import { checkArguments } from '../../base/index.ts';
import { type LogInfo, type LogStore, runNotFound } from '../../log/index.ts';
import { commonPast } from './common-past.ts';
import { diffEvents } from './diff-events.ts';
import { diffState } from './diff-state.ts';
import { differingEvents } from './differing-events.ts';
import { eventRef } from './element-causes.ts';
import { IdNumbers } from './id-numbers.ts';
import { readTail } from './read-tail.ts';
import type { ComparedRun, EventRef, RunDiff } from './run-diff.ts';

/**
 * The difference of two runs, of any kinship, as far as they are stored. Rejects with `RunNotFoundError`, and with
 * `CorruptedEventPayloadError` at a payload that cannot be read.
 */
export async function diffRuns(store: LogStore, leftId: string, rightId: string): Promise<RunDiff> {
  checkArguments('diffRuns', {
    store: [store, 'with commit'],
    leftId: [leftId, 'text'],
    rightId: [rightId, 'text'],
  });
  const left = await infoOf(store, leftId);
  const right = leftId === rightId ? left : await infoOf(store, rightId);
  const past = await commonPast(store, left, right);
  const { equalSeq, inheritedSeq, kinship } = past;
  const ids = new IdNumbers();
  const tails = {
    left: await readTail(store, left, { after: equalSeq, ids }),
    right: await readTail(store, right, { after: equalSeq, ids }),
  };
  const events = diffEvents(tails.left, tails.right, ids);
  const { shared, onlyLeft, onlyRight } = events;
  const differing = differingEvents({ left: tails.left.events, right: tails.right.events, ids }, events);
  const state = await diffState({ store, logId: leftId, toSeq: equalSeq }, differing);
  return {
    left: comparedRun(left),
    right: comparedRun(right),
    kinship,
    forkPoint: kinship === 'same' ? null : await eventAt(store, leftId, inheritedSeq),
    past: { inheritedSeq, equalSeq },
    events: {
      shared: equalSeq + shared,
      onlyLeft: onlyLeft.map(eventRef),
      onlyRight: onlyRight.map(eventRef),
    },
    ...state,
    usage: { left: tails.left.usage, right: tails.right.usage },
    isIdentical: onlyLeft.length + onlyRight.length + state.objects.length + state.relations.length === 0,
  };
}

async function infoOf(store: LogStore, runId: string): Promise<LogInfo> {
  const info = await store.info(runId);
  if (info === undefined || info.kind !== 'run') throw runNotFound({ logId: runId, operation: 'diff' });
  return info;
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
    if (stored !== undefined) return eventRef(stored);
  }
  return null;
}
