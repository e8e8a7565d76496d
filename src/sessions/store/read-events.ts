/**
 * Decides how the events of a session are read: one page that fits, and, when there is none and somebody wants to wait, the first that
 * comes. Whoever waits is woken by what may fit, and looks only at what is new.
 */
import type { Canceller, Sleep } from '../../base/index.ts';
import {
  type EventForms,
  RunNotFoundError,
  type SessionLogStore,
  StoreClosedError,
} from '../../log/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { eventOfRow } from './event-row.ts';
import type { EventsQuestion } from './options.ts';

export interface Waiting {
  readonly newCanceller: () => Canceller;
  readonly sleep: Sleep;
}

/** One page of what is there. */
export async function readEvents(
  store: SessionLogStore,
  sessionId: string,
  question: EventsQuestion,
  forms: EventForms,
): Promise<readonly SessionEvent[]> {
  const { type, runId, since, before, limit } = question;
  const isFiltered = (type ?? runId ?? since) !== null;
  // Places have no gaps: without a filter those that are left out need not be looked at.
  const after = question.after + (isFiltered ? 0 : question.offset);
  let toSkip = isFiltered ? question.offset : 0;
  const events: SessionEvent[] = [];
  if (limit === 0) return events;
  const pages = store.read(sessionId, {
    after,
    ...(before === Number.POSITIVE_INFINITY ? {} : { before }),
    ...(type === null ? {} : { types: [type] }),
    ...(runId === null ? {} : { runId }),
    ...(since === null ? {} : { since }),
    limit: limit + toSkip,
  });
  for await (const page of noneWhenAbsent(pages)) {
    for (const stored of page) {
      if (toSkip > 0) toSkip -= 1;
      else events.push(eventOfRow(stored, sessionId, forms));
    }
  }
  return events;
}

/** The first page that fits, waited for until the time of the question is over; empty then, and when the store is closed. */
export async function awaitEvents(
  store: SessionLogStore,
  sessionId: string,
  question: EventsQuestion,
  forms: EventForms,
  { newCanceller, sleep }: Waiting,
): Promise<readonly SessionEvent[]> {
  const canceller = newCanceller();
  const { signal } = canceller;
  const timer = sleep(question.waitMs, signal).then(() => canceller.abort());
  try {
    return await waitFor(store, sessionId, question, forms, signal);
  } catch (error) {
    if (error instanceof StoreClosedError) return [];
    throw error;
  } finally {
    canceller.abort();
    await timer;
  }
}

async function waitFor(
  store: SessionLogStore,
  sessionId: string,
  question: EventsQuestion,
  forms: EventForms,
  signal: Canceller['signal'],
): Promise<readonly SessionEvent[]> {
  const { type, runId } = question;
  let { after } = question;
  for (;;) {
    // Asked before the reading: what comes between the two is read twice, and never missed.
    const seq = (await store.info(sessionId))?.head.seq ?? 0;
    const events = await readEvents(store, sessionId, { ...question, after }, forms);
    const canStillCome = Math.max(after, seq) + 1 < question.before;
    if (events.length > 0 || signal.aborted || !canStillCome) return events;
    // With an offset the ones that were left out count again.
    if (question.offset === 0) after = Math.max(after, seq);
    const filter = { ...(type === null ? {} : { types: [type] }), ...(runId === null ? {} : { runId }) };
    await store.grown({ logId: sessionId, after: Math.max(question.after, seq), ...filter }, signal);
  }
}

/** A session that is not there has no events. */
async function* noneWhenAbsent<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof RunNotFoundError)) throw error;
  }
}
