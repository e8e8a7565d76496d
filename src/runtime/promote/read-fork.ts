/** Decides what is read of a fork to promote it: its graph before its own changes, its graph now, and the events between them. */
import { type GraphState, Overlay, project, Tables } from '../../graph/index.ts';
import { decodeEvent, type LogEvent, type LogInfo, type LogStore, runNotFound } from '../../log/index.ts';
import { touchedElement } from '../diff/touched-element.ts';
import { noFork } from './errors.ts';

export interface ForkReading {
  readonly forkId: string;
  readonly parentId: string;
  readonly atEvent: string | null;
  readonly sinceSeq: number;
  readonly head: { readonly seq: number; readonly hash: string };
  /** The graph at `sinceSeq`, and the one at the head. */
  readonly base: GraphState;
  readonly now: GraphState;
  /** Ids of the objects and relations that were touched in between, in the order of their first touch. */
  readonly touched: ReadonlySet<string>;
  /** Objects that were granted in between. */
  readonly granted: ReadonlySet<string>;
  readonly tail: readonly LogEvent[];
}

/** The fork, which has to be a direct one. Rejects with `RunNotFoundError` and `PromoteLineageError`. */
export async function forkInfo(
  store: LogStore,
  forkId: string,
  parentId?: string,
): Promise<{ readonly info: LogInfo; readonly parent: NonNullable<LogInfo['parent']> }> {
  const info = await store.info(forkId);
  if (info === undefined || info.kind !== 'run') throw runNotFound({ logId: forkId, operation: 'promote' });
  const { parent } = info;
  if (parent === null || (parentId !== undefined && parent.logId !== parentId))
    throw noFork({ forkId, parentId: parentId ?? null, actualParent: parent?.logId ?? null });
  return { info, parent };
}

/** Reads a fork as far as it is stored. `promotedSeq` is how far its parent has taken it in before. */
export async function readFork(
  store: LogStore,
  forkId: string,
  parentId: string,
  promotedSeq: number | null,
): Promise<ForkReading> {
  const { info, parent } = await forkInfo(store, forkId, parentId);
  const sinceSeq = promotedSeq ?? parent.atSeq;
  const base = new Tables();
  const now = new Overlay(base);
  const tail: LogEvent[] = [];
  const touched = new Set<string>();
  const granted = new Set<string>();
  let atEvent: string | null = null;
  for await (const page of store.read(forkId, { before: info.head.seq + 1 })) {
    for (const stored of page) {
      const { type, payload, ...event } = decodeEvent(stored, forkId);
      if (event.seq === parent.atSeq) atEvent = event.id;
      project(event.seq <= sinceSeq ? base : now, type, payload);
      if (event.seq <= sinceSeq) continue;
      tail.push({ ...event, type, payload });
      const element = touchedElement(type, payload);
      if (element !== null) touched.add(element);
      if (type === 'approval.granted' && typeof payload['object_id'] === 'string')
        granted.add(payload['object_id']);
    }
  }
  const { seq, hash } = info.head;
  return { forkId, parentId, atEvent, sinceSeq, head: { seq, hash }, base, now, touched, granted, tail };
}
