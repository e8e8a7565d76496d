/** Decides how much of a session is read for the end of its transcript: from its newest events backwards, only as far as the window reaches. */
import { checkArguments } from '../../base/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { SessionStore } from '../store/port.ts';
import { type TranscriptMessage, transcriptOf } from './transcript.ts';
import { transcriptEnd, type TranscriptWindow } from './window.ts';

const firstReach = 1000;

/** Which part of a transcript. */
export interface TranscriptQuestion {
  readonly window?: TranscriptWindow;
  /** Leaves out the events of this run. */
  readonly exceptRunId?: string;
}

/** The messages of a session, out of its events. */
export async function readTranscript(
  store: Pick<SessionStore, 'getEvents' | 'getLatestSequence'>,
  sessionId: string,
  { window = {}, exceptRunId }: TranscriptQuestion = {},
): Promise<readonly TranscriptMessage[]> {
  checkArguments('readTranscript', { store: [store, 'with getEvents'], sessionId: [sessionId, 'text'] });
  const latest = await store.getLatestSequence(sessionId);
  const events: SessionEvent[] = [];
  let from = latest;
  for (let reach = firstReach; ; reach *= 2) {
    const next = Math.max(0, latest - reach);
    events.unshift(...(await eventsBetween(store, sessionId, next, from + 1)));
    from = next;
    const said = transcriptOf(events.filter(({ runId }) => runId === null || runId !== exceptRunId));
    const end = transcriptEnd(said, window);
    // A first message that may be cut is only told when nothing stands before it.
    if (from === 0 || end.length < said.length) return end;
  }
}

async function eventsBetween(
  store: Pick<SessionStore, 'getEvents'>,
  sessionId: string,
  after: number,
  before: number,
): Promise<readonly SessionEvent[]> {
  const found: SessionEvent[] = [];
  for (let place = after; place + 1 < before;) {
    const page = await store.getEvents(sessionId, { after: place, before, limit: 1000 });
    const last = page.at(-1)?.sequenceNumber ?? null;
    if (last === null) break;
    found.push(...page);
    place = last;
  }
  return found;
}
