/** Decides what a list of sessions says: a page of those that fit, each with the beginning of what was said, or with what was looked for. */
import { checkedOptions, checkOptionNames } from '../../base/index.ts';
import {
  type Session,
  type SessionFilter,
  type SessionQuery,
  sessionQuery,
  type TranscriptMessage,
  TranscriptBuilder,
} from '../../sessions/index.ts';
import type { ListedSession } from '../../view/index.ts';
import { withStore } from '../with-store.ts';
import { queryRef } from './query-ref.ts';

/** Which sessions a list shows. */
export interface SessionsAsked extends Pick<
  SessionFilter,
  'status' | 'agentId' | 'tags' | 'createdAfter' | 'includeDeleted' | 'limit' | 'cursor'
> {
  /** Only sessions in which it was said. */
  readonly text?: string;
}

/** The name of every part of a question: one that is missing here does not compile. */
const askedNames: readonly string[] = Object.keys({
  text: true,
  status: true,
  agentId: true,
  tags: true,
  createdAfter: true,
  includeDeleted: true,
  limit: true,
  cursor: true,
} satisfies Record<keyof SessionsAsked, true>);

/** Sessions of a list; `totalCount` is null for a search of texts. */
export interface ListedSessions {
  readonly sessions: readonly ListedSession[];
  /** Of the next page; `null` when this one is the last. */
  readonly cursor: string | null;
  /** All that fit, on whatever page; `null` where they were searched for a text, and not counted. */
  readonly totalCount: number | null;
}

/** Those that changed last come first. Rejects with the errors of the query and of the store. */
export async function listSessions(url: string, asked: SessionsAsked): Promise<ListedSessions> {
  checkOptionNames('listSessions', checkedOptions('listSessions', asked), askedNames);
  return withStore(url, 'read', async (store) => {
    const query = sessionQuery(queryRef(store));
    return asked.text === undefined ? all(query, asked) : saying(query, asked, asked.text);
  });
}

async function all(query: SessionQuery, { text: _text, ...filter }: SessionsAsked): Promise<ListedSessions> {
  const page = await query.searchSessions(filter);
  const sessions: ListedSession[] = [];
  for (const session of page.sessions)
    sessions.push({ session, message: await firstMessage(query, session), isFound: false });
  const next =
    page.cursor === null ? null : await query.searchSessions({ ...filter, cursor: page.cursor, limit: 1 });
  const cursor = next === null || next.sessions.length === 0 ? null : page.cursor;
  return { sessions, cursor, totalCount: page.totalCount };
}

async function saying(query: SessionQuery, asked: SessionsAsked, text: string): Promise<ListedSessions> {
  const search = { ...asked, text };
  const page = await query.searchMessages(search);
  const sessions = page.matches.map((match) => ({ ...match, isFound: true }));
  const next =
    page.cursor === null ? null : await query.searchMessages({ ...search, cursor: page.cursor, limit: 1 });
  return {
    sessions,
    cursor: next === null || next.matches.length === 0 ? null : page.cursor,
    totalCount: null,
  };
}

async function firstMessage(query: SessionQuery, { id }: Session): Promise<TranscriptMessage | null> {
  const { events } = await query.searchEvents({ sessionIds: [id], types: ['message_sent'], limit: 1 });
  const builder = new TranscriptBuilder();
  for (const event of events) builder.add(event);
  return builder.messages()[0] ?? null;
}
