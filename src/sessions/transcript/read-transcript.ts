/** Decides how much of a session is read for the end of its transcript: from its newest events backwards, only as far as the window reaches. */
import { checkArguments } from '../../base/index.ts';
import { sessionErrorCode } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { SessionStore } from '../store/port.ts';
import { ReturnedAnswers, tellsAfter } from './returned-answers.ts';
import { TranscriptBuilder, type TranscriptMessage } from './transcript.ts';
import { transcriptEnd, type TranscriptWindow } from './window.ts';

const firstReach = 1000;

/** Which part of a transcript. */
export interface TranscriptQuestion {
  readonly window?: TranscriptWindow;
  /** Leaves out the events of this run. */
  readonly exceptRunId?: string;
}

/** What a transcript is read from. */
type TranscriptStore = Pick<SessionStore, 'getEvents' | 'getLatestSequence' | 'getRun'>;

/** The messages of a session, out of its events, and out of the rows of runs that returned an answer and told none. */
export async function readTranscript(
  store: TranscriptStore,
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
    const heard = events.filter(({ runId }) => runId === null || runId !== exceptRunId);
    const said = await saidIn(heard, answersBehind(store, sessionId, from));
    const end = transcriptEnd(said, window);
    // A first message that may be cut is only told when nothing stands before it.
    if (from === 0 || end.length < said.length) return end;
  }
}

async function saidIn(
  events: readonly SessionEvent[],
  answers: ReturnedAnswers,
): Promise<readonly TranscriptMessage[]> {
  const said = new TranscriptBuilder();
  for (const event of events) said.add(event, await answers.behind(event));
  return said.messages();
}

/** The answers of runs whose events are read from behind `after` on. */
function answersBehind(store: TranscriptStore, sessionId: string, after: number): ReturnedAnswers {
  const hadTold = async (runId: string): Promise<boolean> => {
    let told = false;
    for (const event of await eventsBetween(store, sessionId, 0, after + 1, runId))
      told = tellsAfter(event) ?? told;
    return told;
  };
  return new ReturnedAnswers({
    runOf: (runId) => rowOf(store, runId),
    ...(after === 0 ? {} : { hadTold }),
  });
}

/** Events may tell of a run that has no row. */
async function rowOf(store: Pick<SessionStore, 'getRun'>, runId: string): Promise<Execution | null> {
  try {
    return await store.getRun(runId);
  } catch (error) {
    if (sessionErrorCode(error) === 'run_not_found') return null;
    throw error;
  }
}

async function eventsBetween(
  store: Pick<SessionStore, 'getEvents'>,
  sessionId: string,
  after: number,
  before: number,
  runId?: string,
): Promise<readonly SessionEvent[]> {
  const found: SessionEvent[] = [];
  for (let place = after; place + 1 < before;) {
    const page = await store.getEvents(sessionId, {
      after: place,
      before,
      limit: 1000,
      ...(runId === undefined ? {} : { runId }),
    });
    const last = page.at(-1)?.sequenceNumber ?? null;
    if (last === null) break;
    found.push(...page);
    place = last;
  }
  return found;
}
