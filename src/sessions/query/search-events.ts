/** Decides how the events of all sessions are searched and counted. */
import type { EventQuery } from '../../log/index.ts';
import { readSessionEventType } from '../model/event-types.ts';
import { eventOfRow } from '../store/event-row.ts';
import { formsOf, type QueryContext, sealOf } from './context.ts';
import { openCursor, type Question, sealCursor } from './cursor.ts';
import type { EventFilter, EventOrder, EventPage, EventSearch } from './port.ts';
import { FilterReader, queryLimits } from './read-filter.ts';

const filters = ['sessionIds', 'runIds', 'types', 'providers', 'since', 'until', 'correlationId'];

const orders = {
  sequence_asc: { order: 'place', descending: false },
  timestamp_asc: { order: 'time', descending: false },
  timestamp_desc: { order: 'time', descending: true },
} as const satisfies Record<EventOrder, unknown>;

export async function searchEvents(context: QueryContext, search: EventSearch): Promise<EventPage> {
  const reader = new FilterReader(search, [...filters, 'orderBy', 'limit', 'cursor']);
  const orderBy = reader.choice('orderBy', ['sequence_asc', 'timestamp_asc', 'timestamp_desc']);
  const limit = reader.limit(queryLimits.events);
  const wanted = wantedOf(reader);
  const question = { operation: 'searchEvents', orderBy, filter: { wanted: JSON.stringify(wanted) } };
  const query = { ...wanted, ...orders[orderBy], ...placeOf(context, question, search.cursor) };
  const found = await context.store.search.findEvents(query, limit);
  const forms = formsOf(context);
  const events = found.map(({ logId, event }) => eventOfRow(event, logId, forms));
  const last = found.at(-1);
  if (last === undefined) return { events, cursor: null };
  const { logId, event } = last;
  const place = { session_id: logId, sequence_number: String(event.seq), timestamp: event.timestamp };
  return { events, cursor: sealCursor(place, question, sealOf(context)) };
}

export async function countEvents(context: QueryContext, filter: EventFilter): Promise<number> {
  const wanted = wantedOf(new FilterReader(filter, filters));
  return context.store.search.countEvents({ ...wanted, order: 'place' });
}

function wantedOf(reader: FilterReader): Omit<EventQuery, 'order'> {
  const logIds = reader.texts('sessionIds');
  const runIds = reader.texts('runIds');
  const types = reader.texts('types')?.map(readSessionEventType);
  const providers = reader.texts('providers');
  const correlationId = reader.text('correlationId');
  const from = reader.moment('since');
  const to = reader.moment('until');
  return {
    ...(logIds === undefined ? {} : { logIds }),
    ...(runIds === undefined ? {} : { runIds }),
    ...(types === undefined ? {} : { types }),
    ...(providers === undefined ? {} : { providers }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function placeOf(context: QueryContext, question: Question, cursor: unknown): Pick<EventQuery, 'after'> {
  if (cursor === undefined) return {};
  const place = openCursor(cursor, question, sealOf(context));
  const { session_id: logId = '', sequence_number: seq, timestamp = '' } = place;
  return { after: { logId, seq: Number(seq), timestamp } };
}
