/** Decides what retention is told about each log of a store: how a run stands, when it was written last, who holds it, what pins it. */
import {
  isSessionLogStore,
  type LogInfo,
  type LogStore,
  RunNotFoundError,
  type StoredEvent,
} from '../../log/index.ts';
import { listLogs } from '../../migrate/index.ts';
import { isAtWork } from '../../sessions/index.ts';
import { canBePinned, type Candidate, pinOf } from '../../upkeep/index.ts';
import { entryOf } from '../list-runs.ts';
import { systemMint } from '../sessions/open-session-store.ts';

/** How a run stands when nothing of it is left to be done. */
const endedStatuses: ReadonlySet<string> = new Set(['idle', 'exhausted']);

export interface Candidates {
  readonly infos: ReadonlyMap<string, LogInfo>;
  /** In the order in which the logs were made. */
  readonly candidates: readonly Candidate[];
}

export async function candidatesOf(store: LogStore): Promise<Candidates> {
  const infos = new Map<string, LogInfo>();
  const candidates: Candidate[] = [];
  for await (const page of listLogs(store)) {
    for (const info of page) {
      const candidate = await candidateUnlessGone(store, info);
      if (candidate === null) continue;
      infos.set(info.id, info);
      candidates.push(candidate);
    }
  }
  return { infos, candidates };
}

/** A log and what is needed to judge it alone. */
export interface CandidatesAround {
  /** The log, and every one that reads it; none when there is no such log. */
  readonly candidates: readonly Candidate[];
  /** How many logs were made after one of them. */
  readonly newerThan: (log: Candidate) => number;
}

/** What decides over one log: of the others only the list is read, which tells who reads it and how many are newer. */
export async function candidatesAround(store: LogStore, logId: string): Promise<CandidatesAround> {
  const places = new Map<string, number>();
  const candidates: Candidate[] = [];
  let listed = 0;
  for await (const page of listLogs(store)) {
    for (const info of page) {
      listed += 1;
      if (info.id !== logId && !info.lineage.some((segment) => segment.logId === logId)) continue;
      const candidate = await candidateUnlessGone(store, info);
      if (candidate === null) continue;
      places.set(info.id, listed);
      candidates.push(candidate);
    }
  }
  return { candidates, newerThan: ({ id }) => listed - (places.get(id) ?? listed) };
}

/** `null` for a log that somebody removed since it was listed. */
async function candidateUnlessGone(store: LogStore, info: LogInfo): Promise<Candidate | null> {
  try {
    return await candidateOf(store, info);
  } catch (error) {
    if (error instanceof RunNotFoundError && (await store.info(info.id)) === undefined) return null;
    throw error;
  }
}

async function candidateOf(store: LogStore, info: LogInfo): Promise<Candidate> {
  const { id, label, lineage, kind } = info;
  const { outcome, holder } = await entryOf(store, info);
  // What a session leaves undone is not read off its last event.
  const status = kind === 'run' ? outcome : kind;
  return {
    id,
    label,
    lastWrittenMs: outcome === 'damaged' ? null : await lastWrittenMs(store, info),
    status,
    isEnded: endedStatuses.has(status),
    heldBy: holder === null ? await agentIn(store, info) : `process ${holder.pid} on ${holder.host}`,
    pin: canBePinned(id) ? await pinOf(store, id) : null,
    reads: lineage.map(({ logId }) => logId),
  };
}

/** A session has no holder: its runs have. */
async function agentIn(store: LogStore, { id, kind }: LogInfo): Promise<string | null> {
  if (kind !== 'session' || !isSessionLogStore(store)) return null;
  return (await isAtWork(store, id, systemMint.now())) ? 'an agent' : null;
}

/** By the time of its last event, or of its making. */
async function lastWrittenMs(store: LogStore, { id, createdAt }: LogInfo): Promise<number | null> {
  let last: StoredEvent | undefined;
  for await (const page of store.read(id, { reverse: true, limit: 1 })) [last] = page;
  const moment = Date.parse(last?.timestamp ?? createdAt);
  return Number.isNaN(moment) ? null : moment;
}
