/** The cases of what is found: every filter and every order of sessions, runs, events and messages. */
import type { EventSearch, RunFilter, SessionFilter, SessionQuery } from '../../sessions/index.ts';
import { expectEqual } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { asked, at, idsOf, type QueryPlace } from './query-place.ts';

type Found<Filter> = readonly (readonly [Filter, readonly string[]])[];

const sessionFilters: Found<SessionFilter> = [
  [{ agentId: 'bob' }, ['a/b']],
  [{ status: ['active', 'completed'] }, ['c', 'a']],
  [{ status: 'pending' }, ['a/b']],
  [{ tags: ['red'] }, ['a/b', 'a']],
  [{ tags: ['red', 'blue'] }, ['a']],
  [{ tags: ['re'] }, []],
  [{ provider: 'claude' }, ['a/b', 'a']],
  [{ provider: ['codex', 'amp'] }, ['a']],
  [{ createdAfter: at(2) }, ['a/b', 'c']],
  [{ createdBefore: '2026-01-01T01:02:00+01:00' }, ['a/b', 'a']],
  [{ status: 'active', tags: ['blue'], agentId: 'bob' }, []],
];

const sessionOrders: Found<SessionFilter> = [
  [{}, ['a/b', 'c', 'a']],
  [{ orderBy: 'updated_at_desc' }, ['a/b', 'c', 'a']],
  [{ orderBy: 'created_at_asc' }, ['a', 'a/b', 'c']],
  [{ orderBy: 'created_at_desc' }, ['c', 'a/b', 'a']],
];

const runFilters: Found<RunFilter> = [
  [{ sessionId: 'a' }, ['r2', 'r1']],
  [{ agentId: 'bob' }, ['r3']],
  [{ provider: 'claude' }, ['r3', 'r1']],
  [{ status: ['failed', 'pending'] }, ['r5', 'r4', 'r2']],
  [{ startedAfter: at(2), startedBefore: at(3) }, ['r3', 'r2']],
  [{ minTokens: 42 }, ['r5', 'r3', 'r1']],
  [{ minTokens: 11, maxTokens: 1500 }, ['r5', 'r1']],
  [{ minCostUsd: '0.0000001' }, ['r5', 'r2', 'r1']],
  [{ minCostUsd: '0.1', maxCostUsd: '0.1' }, ['r1']],
];

const runOrders: Found<RunFilter> = [
  [{}, ['r5', 'r4', 'r3', 'r2', 'r1']],
  [{ orderBy: 'started_at_asc' }, ['r1', 'r2', 'r3', 'r4', 'r5']],
  [{ orderBy: 'token_usage_desc' }, ['r3', 'r1', 'r5', 'r2', 'r4']],
];

const eventFilters: Found<EventSearch> = [
  [{ sessionIds: ['c', 'a/b'] }, ['e4', 'e5', 'e6']],
  [{ runIds: ['r1', 'r3'] }, ['e2', 'e4']],
  [{ types: ['session_created', 'error_occurred'] }, ['e1', 'e6']],
  [{ providers: ['claude'] }, ['e2', 'e4']],
  [{ correlationId: 'k' }, ['e3', 'e4']],
  [{ correlationId: 'k', providers: ['codex'], sessionIds: ['a'] }, ['e3']],
  [{ since: at(20), until: at(30), orderBy: 'timestamp_asc' }, ['e2', 'e4', 'e1']],
];

const eventOrders: Found<EventSearch> = [
  [{}, ['e1', 'e2', 'e3', 'e4', 'e5', 'e6']],
  [{ orderBy: 'timestamp_asc' }, ['e5', 'e2', 'e4', 'e1', 'e3', 'e6']],
  [{ orderBy: 'timestamp_desc' }, ['e6', 'e3', 'e1', 'e4', 'e2', 'e5']],
  [{ sessionIds: ['a'], orderBy: 'timestamp_asc' }, ['e2', 'e1', 'e3']],
];

async function askEach<Filter>(
  found: Found<Filter>,
  ask: (filter: Filter) => Promise<readonly string[]>,
): Promise<void> {
  for (const [filter, ids] of found) expectEqual(await ask(filter), ids, JSON.stringify(filter));
}

const sessionsOf =
  (query: SessionQuery) =>
  async (filter: SessionFilter): Promise<readonly string[]> => {
    const { sessions, totalCount } = await query.searchSessions(filter);
    expectEqual(totalCount, sessions.length, `how many there are of ${JSON.stringify(filter)}`);
    return idsOf(sessions);
  };

const eventsOf =
  (query: SessionQuery) =>
  async (search: EventSearch): Promise<readonly string[]> => {
    const { events } = await query.searchEvents(search);
    const { orderBy: _orderBy, ...filter } = search;
    expectEqual(await query.countEvents(filter), events.length, `the count of ${JSON.stringify(search)}`);
    return idsOf(events);
  };

export const filterCases: readonly PortCase<QueryPlace>[] = [
  ...portCases<QueryPlace>('sessions', {
    'by-every-filter': {
      why: 'Two filters of which one is forgotten show sessions of somebody else.',
      run: async (context) => askEach(sessionFilters, sessionsOf(await asked(context))),
    },
    'in-every-order': {
      why: 'A list in another order shows the wrong session as the last one.',
      run: async (context) => askEach(sessionOrders, sessionsOf(await asked(context))),
    },
    'marked-are-left-out': {
      why: 'What somebody has deleted must not be found by those who did not ask for it.',
      run: async (context) => {
        const find = sessionsOf(await asked(context));
        expectEqual((await find({})).includes('gone'), false, 'a marked session among those that are found');
        expectEqual(await find({ includeDeleted: true }), ['gone', 'a/b', 'c', 'a'], 'all of them');
      },
    },
  }),
  ...portCases<QueryPlace>('runs', {
    'by-every-filter': {
      why: 'A bill is made of the runs that fit, of those of one person and no other.',
      run: async (context) => {
        const query = await asked(context);
        await askEach(runFilters, async (filter) => idsOf((await query.searchRuns(filter)).runs));
      },
    },
    'in-every-order': {
      why: 'The most expensive runs are looked for at the top.',
      run: async (context) => {
        const query = await asked(context);
        await askEach(runOrders, async (filter) => idsOf((await query.searchRuns(filter)).runs));
      },
    },
  }),
  ...portCases<QueryPlace>('events', {
    'by-every-filter': {
      why: 'What belongs to one question of a person is found by its correlation, in all sessions.',
      run: async (context) => askEach(eventFilters, eventsOf(await asked(context))),
    },
    'in-every-order': {
      why: 'Events of several sessions are read by time, those of one as they were stored.',
      run: async (context) => askEach(eventOrders, eventsOf(await asked(context))),
    },
  }),
  ...portCases<QueryPlace>('messages', {
    'by-what-was-said': {
      why: 'A person remembers words, and no ids.',
      run: async (context) => {
        const query = await asked(context);
        const find = async (text: string, more: SessionFilter = {}): Promise<readonly string[]> =>
          (await query.searchMessages({ text, ...more })).matches.map(
            ({ session, message }) => `${session.id}: ${message.eventId}`,
          );
        expectEqual(await find('heron'), ['c: e5', 'a: e3'], 'in small letters');
        expectEqual(await find('GREY heron'), ['a: e3'], 'in other letters');
        expectEqual(await find('heron', { tags: ['red'] }), ['a: e3'], 'in sessions of a tag');
        expectEqual(await find('no such word'), [], 'what nobody said');
      },
    },
  }),
];
