/**
 * Decides which snapshot a run, or a graph of its past, begins with: the newest that fits the log. One that does not fit is
 * passed over, one that is damaged is told of; the log has it all.
 */
import type { Sha256 } from '../../base/index.ts';
import { Tables, tablesFromTexts } from '../../graph/index.ts';
import { type LogStore, type Stretch, stretchesOf } from '../../log/index.ts';
import type { RunState } from '../run/run-state.ts';
import { unpackState } from './packed-state.ts';
import { NoSnapshot } from './read-json.ts';
import { isThere, readPart, type SnapshotHead, snapshotsOf } from './snapshot-records.ts';

export interface SnapshotReading {
  readonly sha256: Sha256;
  /** Leaves the graph where it is, for whoever asks for no more than the state: its tables are empty then. */
  readonly isStateOnly?: boolean;
  /** Hears of what is wrong and harmless. */
  readonly warn: (message: string) => void;
}

export interface Snapshot {
  readonly state: RunState;
  readonly tables: Tables;
}

/** The newest snapshot of places before `beforeSeq`, or `null`. A snapshot of a run that this one was forked from fits as well. */
export async function readSnapshot(
  store: LogStore,
  runId: string,
  reading: SnapshotReading,
  beforeSeq = Number.POSITIVE_INFINITY,
): Promise<Snapshot | null> {
  const info = await store.info(runId);
  if (info === undefined) return null;
  for (const stretch of stretchesOf(info).toReversed()) {
    for (const head of await headsIn(store, stretch, Math.min(info.head.seq + 1, beforeSeq))) {
      const snapshot = await tried(store, runId, head, reading);
      if (snapshot !== null) return snapshot;
    }
  }
  return null;
}

/** Newest first. All that is shared with the other log counts, what that one shares with a third included. */
async function headsIn(
  store: LogStore,
  { logId, to }: Stretch,
  beforeSeq: number,
): Promise<readonly SnapshotHead[]> {
  const { heads } = await snapshotsOf(store, logId);
  return heads.filter(({ seq, isComplete }) => isComplete && seq <= to && seq < beforeSeq).toReversed();
}

async function tried(
  store: LogStore,
  runId: string,
  head: SnapshotHead,
  { sha256, warn, isStateOnly = false }: SnapshotReading,
): Promise<Snapshot | null> {
  if ((await hashAt(store, runId, head.seq)) !== head.hash) return null;
  try {
    const [first = '', ...rest] = await readParts(store, head, sha256, isStateOnly ? 1 : head.parts.length);
    const state = unpackState(JSON.parse(first));
    const tables = isStateOnly ? new Tables() : tablesFromTexts(rest);
    if (tables === null || state.seq !== head.seq) throw new NoSnapshot('its parts do not belong together');
    return { state, tables };
  } catch (error) {
    if (!(error instanceof NoSnapshot || error instanceof SyntaxError)) throw error;
    // The run that this one was forked from may just have written a newer one.
    if (await isThere(store, head)) {
      warn(
        `The snapshot of run '${head.logId}' at place ${head.seq} is damaged (${error.message}) and is not used. ` +
          'The log is read instead, which takes longer; the next snapshot takes its place.',
      );
    }
    return null;
  }
}

async function readParts(
  store: LogStore,
  head: SnapshotHead,
  sha256: Sha256,
  count: number,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const [index, hash] of head.parts.slice(0, count).entries()) {
    const text = await readPart(store, head, index);
    if (sha256(text) !== hash) throw new NoSnapshot(`part ${index + 1} is not what was written`);
    texts.push(text);
  }
  return texts;
}

async function hashAt(store: LogStore, runId: string, seq: number): Promise<string | null> {
  for await (const [stored] of store.read(runId, { after: seq - 1, limit: 1, hashes: true })) {
    return stored?.seq === seq ? stored.hash : null;
  }
  return null;
}
