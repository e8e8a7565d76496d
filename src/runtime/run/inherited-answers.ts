/**
 * Decides which recorded answers a fork is served: all that the runs before it were given, also after the fork point; or none,
 * when it was made to ask the world afresh. A fork of such a fork is served what that one was answered.
 */
import { answersFromEvents, type RecordedAnswers } from '../../effects/index.ts';
import {
  damagedHistory,
  decodeEvent,
  type LogEvent,
  type LogInfo,
  type LogStore,
  RunNotFoundError,
} from '../../log/index.ts';

const callTypes = ['llm.requested', 'llm.responded', 'tool.requested', 'tool.responded'];

/** True for a fork that was itself told to ask afresh; what its parents were told stands before its own events. */
export function isRecording(info: Pick<LogInfo, 'parent'>, recordingSeq: number): boolean {
  return info.parent !== null && recordingSeq > info.parent.atSeq;
}

/**
 * `null` for a run that is no fork, and for one that asks afresh. Answers of nearer ancestors come before those of farther
 * ones. A fork that is detached meanwhile, and whose parents go, is answered as one that is opened a moment later.
 */
export async function inheritedAnswers(
  store: LogStore,
  info: LogInfo,
  recordingSeq: number,
): Promise<RecordedAnswers | null> {
  if (isRecording(info, recordingSeq)) return null;
  let ancestors = await ancestorsOf(store, info);
  while (ancestors.length > 0) {
    try {
      return await answersIn(store, ancestors);
    } catch (error) {
      const now = await store.info(info.id);
      if (!(error instanceof RunNotFoundError) || now === undefined) throw error;
      const present = await ancestorsOf(store, now);
      if (present.length >= ancestors.length) throw error;
      ancestors = present;
    }
  }
  return null;
}

async function answersIn(store: LogStore, ancestors: readonly string[]): Promise<RecordedAnswers> {
  const answered: LogEvent[] = [];
  for (const logId of ancestors.toReversed()) {
    for await (const page of store.read(logId, { types: callTypes })) {
      for (const stored of page) answered.push(decodeEvent(stored, logId));
    }
  }
  return answersFromEvents(answered);
}

/** Parent, its parent, and so on: also those of which the fork shares no event, because it was cut off before theirs. */
async function ancestorsOf(store: LogStore, info: LogInfo): Promise<string[]> {
  const ancestors = new Set<string>();
  for (let parent = info.parent; parent !== null;) {
    const { logId, atSeq } = parent;
    if (logId === info.id || ancestors.has(logId))
      throw damagedHistory({ logId: info.id, seq: atSeq, what: 'The run descends from itself, by its fork' });
    ancestors.add(logId);
    parent = (await store.info(logId))?.parent ?? null;
  }
  return [...ancestors];
}
