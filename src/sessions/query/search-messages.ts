/**
 * Decides how sessions are found by what was said in them: session after session along the index of the order, each read until the
 * first message that holds the text. No index knows words; a page ends with its last match, and the next goes on behind it.
 */
import type { StoredRecord } from '../../log/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { executionKind, executionOfRecord, executionRecordId, sessionOfRecord } from '../store/documents.ts';
import { eventOfRow } from '../store/event-row.ts';
import { ReturnedAnswers } from '../transcript/returned-answers.ts';
import { TranscriptBuilder, type TranscriptMessage } from '../transcript/transcript.ts';
import { formsOf, type QueryContext, recordPlace } from './context.ts';
import type { MessageMatch, MessagePage, MessageSearch } from './port.ts';
import { FilterReader, queryLimits, requiredText } from './read-filter.ts';
import { sessionFilters, sessionsAsked } from './search-sessions.ts';

const sessionsAtOnce = 100;
const eventsAtOnce = 500;
const spoken = [
  'message_sent',
  'message_received',
  'message_streamed',
  'error_recovered',
  'error_occurred',
  'run_completed',
];

export async function searchMessages(context: QueryContext, search: MessageSearch): Promise<MessagePage> {
  const reader = new FilterReader(search, [...sessionFilters, 'text']);
  const text = requiredText(reader, 'text').toLowerCase();
  const limit = reader.limit(queryLimits.sessions);
  const { query, question, cursorAt, placeAt } = sessionsAsked(context, reader, 'searchMessages', { text });
  let place = recordPlace(context, question, search.cursor);
  const matches: MessageMatch[] = [];
  for (;;) {
    const found = await context.store.findRecords({ ...query, ...place }, { limit: sessionsAtOnce });
    for (const record of found) {
      const match = await firstMatch(context, record, text);
      if (match !== null) matches.push(match);
      if (matches.length === limit) return { matches, cursor: cursorAt(record) };
    }
    const last = found.at(-1);
    if (last === undefined || found.length < sessionsAtOnce)
      return { matches, cursor: matches.length === 0 ? null : cursorAt(last) };
    place = placeAt(last);
  }
}

async function firstMatch(
  context: QueryContext,
  record: StoredRecord,
  text: string,
): Promise<MessageMatch | null> {
  const session = sessionOfRecord(record);
  const holds = ({ content }: TranscriptMessage): boolean => content?.toLowerCase().includes(text) === true;
  const answers = new ReturnedAnswers({
    runOf: async (runId) => {
      const row = await context.store.record(executionKind, executionRecordId(session.id, runId));
      return row === undefined ? null : executionOfRecord(row);
    },
  });
  let builder = new TranscriptBuilder();
  for await (const event of spokenIn(context, session.id)) {
    builder.add(event, await answers.behind(event));
    // A whole message has been said: what was looked through is let go.
    if (event.type === 'message_streamed') continue;
    const message = builder.messages().find(holds);
    if (message !== undefined) return { session, message };
    builder = new TranscriptBuilder();
  }
  const message = builder.messages().find(holds);
  return message === undefined ? null : { session, message };
}

async function* spokenIn(context: QueryContext, sessionId: string): AsyncGenerator<SessionEvent> {
  const { store } = context;
  const forms = formsOf(context);
  const query = { logIds: [sessionId], types: spoken, order: 'place', descending: false } as const;
  let after: { logId: string; seq: number; timestamp: string } | undefined;
  for (;;) {
    const page = await store.search.findEvents(
      { ...query, ...(after === undefined ? {} : { after }) },
      eventsAtOnce,
    );
    for (const { logId, event } of page) yield eventOfRow(event, logId, forms);
    const last = page.at(-1);
    if (last === undefined || page.length < eventsAtOnce) return;
    after = { logId: last.logId, seq: last.event.seq, timestamp: last.event.timestamp };
  }
}
