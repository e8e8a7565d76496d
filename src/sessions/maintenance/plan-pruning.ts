/**
 * Decides which events lose their data: of a session that has too many the oldest of the types that go first, then the oldest others;
 * then the same over all sessions together, those that were made first before the others. Events that are kept by their type never do.
 */
import { type LogInfo, readTombstone, type StoredEvent } from '../../log/index.ts';
import { sessionOfRecord, sessionKind, sessionRecordId } from '../store/documents.ts';
import { isKept } from './kept-types.ts';
import type { Round } from './round.ts';

export interface PrunePlan {
  readonly info: LogInfo;
  /** Places, in the order in which they were chosen. */
  readonly seqs: readonly number[];
  /** Events that had data before. */
  readonly live: number;
}

/** A session while it is decided. */
interface Draft {
  readonly info: LogInfo;
  readonly chosen: Set<number>;
  /** Of it nothing may go. */
  readonly isExempt: boolean;
  /** Events that have data; `null` while nobody has counted. */
  live: number | null;
}

/** Reads of the sessions that are too long; of all of them when all together are. */
export async function planPruning(round: Round): Promise<readonly PrunePlan[]> {
  const { maxEventsPerSession, maxTotalEvents } = round.policy;
  if (maxEventsPerSession === Infinity && maxTotalEvents === Infinity) return [];
  const drafts: Draft[] = [];
  for await (const info of sessionLogs(round))
    await round.attempt('prune', info.id, async () => {
      const draft = await draftOf(round, info);
      await chooseWithin(round, draft);
      drafts.push(draft);
    });
  await chooseAcross(round, drafts);
  return drafts.filter(({ chosen }) => chosen.size > 0).map(planOf);
}

/** The plan for one session, by `maxEventsPerSession` alone; `null` when nothing of it goes. */
export async function planPruningOf(round: Round, info: LogInfo): Promise<PrunePlan | null> {
  const draft = await draftOf(round, info);
  await chooseWithin(round, draft);
  return draft.chosen.size === 0 ? null : planOf(draft);
}

function planOf({ info, chosen, live }: Draft): PrunePlan {
  return { info, seqs: [...chosen], live: live ?? chosen.size };
}

async function* sessionLogs({ context, policy, hardDeleted, isDryRun }: Round): AsyncGenerator<LogInfo> {
  const removed = new Set(isDryRun ? hardDeleted.map(({ sessionId }) => sessionId) : []);
  for (let after: string | undefined; ;) {
    const filter = { kind: 'session', limit: policy.batchSize } as const;
    const page = await context.store.logs(after === undefined ? filter : { ...filter, after });
    for (const info of page) if (!removed.has(info.id)) yield info;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

async function draftOf(round: Round, info: LogInfo): Promise<Draft> {
  const record = await round.context.store.record(sessionKind, sessionRecordId(info.id));
  const isExempt = record !== undefined && round.hasExemptTag(sessionOfRecord(record));
  return { info, chosen: new Set(), isExempt, live: null };
}

async function chooseWithin(round: Round, draft: Draft): Promise<void> {
  const { maxEventsPerSession } = round.policy;
  if (draft.isExempt || draft.info.head.seq <= maxEventsPerSession) return;
  draft.live = await countLive(round, draft.info);
  const surplus = draft.live - maxEventsPerSession;
  const first = await choose(round, draft, 'first', surplus);
  await choose(round, draft, 'rest', surplus - first);
}

async function chooseAcross(round: Round, drafts: readonly Draft[]): Promise<void> {
  const { maxTotalEvents } = round.policy;
  // What the heads say is at least as much as has data.
  if (sumOf(drafts, ({ info, chosen }) => info.head.seq - chosen.size) <= maxTotalEvents) return;
  for (const draft of drafts)
    await round.attempt('prune', draft.info.id, async () => {
      draft.live ??= await countLive(round, draft.info);
    });
  let surplus = sumOf(drafts, ({ live, chosen }) => (live ?? 0) - chosen.size) - maxTotalEvents;
  for (const part of ['first', 'rest'] as const) {
    for (const draft of drafts) {
      if (surplus <= 0) return;
      if (draft.isExempt) continue;
      await round.attempt('prune', null, async () => {
        surplus -= await choose(round, draft, part, surplus);
      });
    }
  }
}

/** Chooses at most so many of the oldest events that may go. Returns how many there were. */
async function choose(
  round: Round,
  { info, chosen }: Draft,
  part: 'first' | 'rest',
  atMost: number,
): Promise<number> {
  if (atMost <= 0) return 0;
  const types: readonly string[] = round.policy.pruneEventTypesFirst;
  const fits = ({ type }: StoredEvent): boolean => types.includes(type) === (part === 'first');
  let found = 0;
  for await (const page of round.context.store.read(info.id, part === 'first' ? { types } : {})) {
    for (const event of page) {
      if (isKept(event.type) || !fits(event) || chosen.has(event.seq) || isGone(event)) continue;
      chosen.add(event.seq);
      found += 1;
      if (found === atMost) return found;
    }
  }
  return found;
}

async function countLive({ context }: Round, { id }: LogInfo): Promise<number> {
  let live = 0;
  for await (const page of context.store.read(id)) live += page.filter((event) => !isGone(event)).length;
  return live;
}

function isGone({ payload }: StoredEvent): boolean {
  return readTombstone(payload) !== null;
}

function sumOf(drafts: readonly Draft[], countOf: (draft: Draft) => number): number {
  return drafts.reduce((sum, draft) => sum + countOf(draft), 0);
}
