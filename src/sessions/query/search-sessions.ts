/** Decides how sessions are searched: along the index of the field that orders them, each filter a look into another. */
import type { JsonObject } from '../../base/index.ts';
import type { FieldCondition, RecordQuery, StoredRecord } from '../../log/index.ts';
import { readSessionStatus, type Session } from '../model/session.ts';
import { executionKind, hint, notDeleted, sessionKind, sessionOfRecord } from '../store/documents.ts';
import { cursorBehind, type QueryContext, recordPlace } from './context.ts';
import type { Question } from './cursor.ts';
import type { SessionFilter, SessionOrder, SessionPage } from './port.ts';
import { FilterReader, queryLimits } from './read-filter.ts';

/** What may be asked of sessions, alone or with a text that was said in them. */
export const sessionFilters: readonly string[] = [
  'agentId',
  'status',
  'provider',
  'createdAfter',
  'createdBefore',
  'tags',
  'includeDeleted',
  'orderBy',
  'limit',
  'cursor',
];

const orders = {
  updated_at_desc: { orderBy: 'updated', descending: true, valueOf: (session: Session) => session.updatedAt },
  created_at_asc: { orderBy: 'created', descending: false, valueOf: (session: Session) => session.createdAt },
  created_at_desc: { orderBy: 'created', descending: true, valueOf: (session: Session) => session.createdAt },
} as const satisfies Record<SessionOrder, unknown>;

export async function searchSessions(context: QueryContext, filter: SessionFilter): Promise<SessionPage> {
  const reader = new FilterReader(filter, sessionFilters);
  const { query, question, cursorAt } = sessionsAsked(context, reader, 'searchSessions', {});
  const place = recordPlace(context, question, filter.cursor);
  const found = await context.store.findRecords(
    { ...query, ...place },
    { limit: reader.limit(queryLimits.sessions) },
  );
  return {
    sessions: found.map(sessionOfRecord),
    cursor: cursorAt(found.at(-1)),
    totalCount: await context.store.countRecords(query),
  };
}

export interface SessionsAsked {
  readonly query: RecordQuery;
  readonly question: Question;
  /** The cursor behind this document; `null` behind none. */
  readonly cursorAt: (record: StoredRecord | undefined) => string | null;
  /** Goes on behind this document. */
  readonly placeAt: (record: StoredRecord) => Pick<RecordQuery, 'after'>;
}

/** What is asked of the documents of sessions; `more` binds the cursor to what is asked of their events besides. */
export function sessionsAsked(
  context: QueryContext,
  reader: FilterReader,
  operation: string,
  more: JsonObject,
): SessionsAsked {
  const order = reader.choice('orderBy', ['updated_at_desc', 'created_at_asc', 'created_at_desc']);
  const where = conditionsOf(reader);
  const { orderBy, descending, valueOf } = orders[order];
  const question = { operation, orderBy: order, filter: { ...more, where: jsonOf(where) } };
  return {
    query: { kind: sessionKind, where, orderBy, descending },
    question,
    cursorAt: (record) =>
      cursorBehind(context, question, record, record === undefined ? '' : valueOf(sessionOfRecord(record))),
    placeAt: (record) => ({ after: { value: valueOf(sessionOfRecord(record)), id: record.id } }),
  };
}

function conditionsOf(reader: FilterReader): readonly FieldCondition[] {
  const agent = reader.text('agentId');
  const statuses = reader.texts('status')?.map(readSessionStatus);
  const providers = reader.texts('provider')?.map(hint);
  return [
    ...(agent === undefined ? [] : [{ field: 'agent', oneOf: [hint(agent)] }]),
    ...(statuses === undefined ? [] : [{ field: 'status', oneOf: statuses }]),
    ...(providers === undefined
      ? []
      : [{ field: 'provider', oneOf: providers, through: { kind: executionKind, by: 'session' } }]),
    ...between('created', reader.moment('createdAfter'), reader.moment('createdBefore')),
    ...(reader.texts('tags') ?? []).map((tag) => ({ field: 'tag', oneOf: [hint(tag)] })),
    ...(reader.flag('includeDeleted') ? [] : [{ field: 'deleted', oneOf: [notDeleted] }]),
  ];
}

/** Both bounds are inclusive; all values of the field are of one length, so what is a character longer is the next. */
export function between(
  field: string,
  from: string | undefined,
  to: string | undefined,
): readonly FieldCondition[] {
  if ((from ?? to) === undefined) return [];
  return [
    {
      field,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { before: `${to} ` }),
    },
  ];
}

/** What a cursor is bound to: the conditions as they are asked. */
export function jsonOf(where: readonly FieldCondition[]): string {
  return JSON.stringify(where);
}
