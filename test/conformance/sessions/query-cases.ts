// Decides which questions are asked of every store, and what the answers are: one list, so that no store answers otherwise.
import { expect } from 'vitest';
import { doctor, nodePlatform, queryRef, sha256 } from 'runlog';
import {
  ChainCheck,
  DuplicateEventError,
  InvalidEventError,
  isSearchableStore,
  type LogStore,
  type SearchableStore,
} from '../../../src/log/index.ts';
import {
  countingMint,
  type Execution,
  newExecution,
  newSession,
  newSessionEvent,
  openLogSessionStore,
  type Session,
  type SessionEvent,
  sessionQuery,
  type SessionQuery,
} from '../../../src/sessions/index.ts';

interface Asked {
  readonly query: SessionQuery;
  readonly store: SearchableStore;
}

export interface QueryCase {
  readonly name: string;
  readonly run: (asked: Asked) => Promise<void>;
}

const mint = countingMint();
const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000000Z`;
const idsOf = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id);

function session(id: string, minute: number, more: Partial<Session> = {}): Session {
  const made = newSession({ id, agentId: 'alice' }, mint);
  return { ...made, createdAt: at(minute), updatedAt: at(minute + 10), ...more };
}

function run(id: string, sessionId: string, minute: number, more: Partial<Execution> = {}): Execution {
  return { ...newExecution({ id, sessionId }, mint), startedAt: at(minute), ...more };
}

function event(id: string, sessionId: string, minute: number, more: object = {}): SessionEvent {
  const rest = { timestamp: at(minute), data: { id }, ...more };
  return newSessionEvent({ id, sessionId, type: 'message_received', ...rest }, mint);
}

/** The event that the store has as `e2`, or one that pretends to be it. */
function sampleEvent(id: string, content = id): SessionEvent {
  return event(id, 'a', 20, { runId: 'r1', provider: 'claude', data: { id: content } });
}

/** Four sessions, five runs, six events; one session is marked as deleted, one is nested below another by its name. */
export async function askedOf(log: LogStore): Promise<Asked> {
  if (!isSearchableStore(log)) throw new Error('this store cannot be searched');
  const store = openLogSessionStore(log, nodePlatform);
  await store.saveSession(session('a', 1, { tags: ['red', 'blue'], status: 'active' }));
  await store.saveSession(session('a/b', 2, { tags: ['red'], agentId: 'bob' }));
  await store.saveSession(session('c', 3, { status: 'completed', updatedAt: at(11) }));
  await store.saveSession(session('gone', 4, { deletedAt: at(5) }));
  const claude = { provider: 'claude', providerMetadata: { model: 'claude-sonnet-4-5' } };
  await store.saveRun(
    run('r1', 'a', 1, {
      ...claude,
      status: 'completed',
      tokenUsage: { input_tokens: 1000, output_tokens: 500 },
      costUsd: 0.1,
    }),
  );
  await store.saveRun(
    run('r2', 'a', 2, {
      provider: 'codex',
      status: 'failed',
      tokenUsage: { input_tokens: 10 },
      costUsd: 0.2,
    }),
  );
  await store.saveRun(
    run('r3', 'a/b', 3, {
      ...claude,
      status: 'completed',
      tokenUsage: { input_tokens: 1_000_000, output_tokens: 7, cache_read_tokens: 100_000 },
    }),
  );
  await store.saveRun(run('r4', 'c', 4));
  await store.saveRun(run('r5', 'gone', 5, { tokenUsage: { total_tokens: 42 }, costUsd: 1e-7 }));
  await store.appendEvents([
    event('e1', 'a', 30, { type: 'session_created' }),
    sampleEvent('e2'),
    event('e3', 'a', 40, {
      ...{ runId: 'r2', provider: 'codex', correlationId: 'k' },
      data: { content: 'A Grey HERON stands there.' },
    }),
    event('e4', 'a/b', 20, { runId: 'r3', provider: 'claude', correlationId: 'k' }),
    event('e5', 'c', 10, { data: { content: 'the heron and the eel' } }),
    event('e6', 'c', 50, { type: 'error_occurred' }),
  ]);
  await log.create({ id: 'graph', kind: 'run', label: null, createdAt: at(0) });
  return { query: sessionQuery(queryRef(log)), store: log };
}

const sessions = (filter: Parameters<SessionQuery['searchSessions']>[0], ids: readonly string[]) => ({
  name: `sessions: ${JSON.stringify(filter)}`,
  run: async ({ query }: Asked): Promise<void> => {
    const page = await query.searchSessions(filter);
    expect(idsOf(page.sessions)).toEqual(ids);
    if (filter?.limit === undefined) expect(page.totalCount).toBe(ids.length);
  },
});

const messages = (search: Parameters<SessionQuery['searchMessages']>[0], found: readonly string[]) => ({
  name: `messages: ${JSON.stringify(search)}`,
  run: async ({ query }: Asked): Promise<void> => {
    const { matches } = await query.searchMessages(search);
    expect(matches.map(({ session: { id }, message }) => `${id}: ${message.eventId}`)).toEqual(found);
  },
});

const runs = (filter: Parameters<SessionQuery['searchRuns']>[0], ids: readonly string[]) => ({
  name: `runs: ${JSON.stringify(filter)}`,
  run: async ({ query }: Asked): Promise<void> => {
    expect(idsOf((await query.searchRuns(filter)).runs)).toEqual(ids);
  },
});

const events = (search: Parameters<SessionQuery['searchEvents']>[0], ids: readonly string[]) => ({
  name: `events: ${JSON.stringify(search)}`,
  run: async ({ query }: Asked): Promise<void> => {
    expect(idsOf((await query.searchEvents(search)).events)).toEqual(ids);
    const { orderBy: _orderBy, ...filter } = search ?? {};
    expect(await query.countEvents(filter)).toBe(ids.length);
  },
});

/** Pages of one until nothing comes. */
async function walked<Page extends { readonly cursor: string | null }>(
  ask: (cursor: string | undefined) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | undefined; pages.length < 20;) {
    const page = await ask(cursor);
    if (page.cursor === null) return pages;
    pages.push(page);
    cursor = page.cursor;
  }
  return pages;
}

export const queryCases: readonly QueryCase[] = [
  sessions({}, ['a/b', 'c', 'a']),
  sessions({ includeDeleted: true }, ['gone', 'a/b', 'c', 'a']),
  sessions({ orderBy: 'created_at_asc' }, ['a', 'a/b', 'c']),
  sessions({ orderBy: 'created_at_desc' }, ['c', 'a/b', 'a']),
  sessions({ agentId: 'bob' }, ['a/b']),
  sessions({ status: ['active', 'completed'] }, ['c', 'a']),
  sessions({ status: 'pending' }, ['a/b']),
  sessions({ tags: ['red'] }, ['a/b', 'a']),
  sessions({ tags: ['red', 'blue'] }, ['a']),
  sessions({ tags: ['re'] }, []),
  sessions({ provider: 'claude' }, ['a/b', 'a']),
  sessions({ provider: ['codex', 'amp'] }, ['a']),
  sessions({ createdAfter: at(2) }, ['a/b', 'c']),
  sessions({ createdBefore: '2026-01-01T01:02:00+01:00' }, ['a/b', 'a']),
  sessions({ limit: 1 }, ['a/b']),
  messages({ text: 'heron' }, ['c: e5', 'a: e3']),
  messages({ text: 'GREY heron' }, ['a: e3']),
  messages({ text: 'heron', orderBy: 'created_at_asc', tags: ['red'] }, ['a: e3']),
  messages({ text: 'heron', limit: 1 }, ['c: e5']),
  messages({ text: 'no such word' }, []),
  {
    name: 'matches come in pages too, and their cursor is bound to the text',
    run: async ({ query }) => {
      const first = await query.searchMessages({ text: 'heron', limit: 1 });
      const cursor = first.cursor ?? '';
      const second = await query.searchMessages({ text: 'heron', limit: 1, cursor });
      expect(second.matches.map(({ session: { id } }) => id)).toEqual(['a']);
      const third = await query.searchMessages({ text: 'heron', limit: 1, cursor: second.cursor ?? '' });
      expect(third).toEqual({ matches: [], cursor: null });
      const wrong = query.searchMessages({ text: 'eel', cursor });
      await expect(wrong).rejects.toMatchObject({ code: 'invalid_cursor' });
      const empty = query.searchMessages({ text: '' });
      await expect(empty).rejects.toMatchObject({ code: 'validation_error' });
    },
  },
  runs({}, ['r5', 'r4', 'r3', 'r2', 'r1']),
  runs({ orderBy: 'started_at_asc' }, ['r1', 'r2', 'r3', 'r4', 'r5']),
  runs({ orderBy: 'token_usage_desc' }, ['r3', 'r1', 'r5', 'r2', 'r4']),
  runs({ sessionId: 'a' }, ['r2', 'r1']),
  runs({ agentId: 'bob' }, ['r3']),
  runs({ provider: 'claude' }, ['r3', 'r1']),
  runs({ status: ['failed', 'pending'] }, ['r5', 'r4', 'r2']),
  runs({ startedAfter: at(2), startedBefore: at(3) }, ['r3', 'r2']),
  runs({ minTokens: 42 }, ['r5', 'r3', 'r1']),
  runs({ minTokens: 11, maxTokens: 1500 }, ['r5', 'r1']),
  runs({ minCostUsd: '0.0000001' }, ['r5', 'r2', 'r1']),
  runs({ minCostUsd: '0.1', maxCostUsd: '0.1' }, ['r1']),
  events({}, ['e1', 'e2', 'e3', 'e4', 'e5', 'e6']),
  events({ orderBy: 'timestamp_asc' }, ['e5', 'e2', 'e4', 'e1', 'e3', 'e6']),
  events({ orderBy: 'timestamp_desc' }, ['e6', 'e3', 'e1', 'e4', 'e2', 'e5']),
  events({ sessionIds: ['c', 'a/b'] }, ['e4', 'e5', 'e6']),
  events({ sessionIds: ['a'], orderBy: 'timestamp_asc' }, ['e2', 'e1', 'e3']),
  events({ runIds: ['r1', 'r3'] }, ['e2', 'e4']),
  events({ types: ['session_created', 'error_occurred'] }, ['e1', 'e6']),
  events({ providers: ['claude'] }, ['e2', 'e4']),
  events({ correlationId: 'k' }, ['e3', 'e4']),
  events({ correlationId: 'k', orderBy: 'timestamp_asc' }, ['e4', 'e3']),
  events({ since: at(20), until: at(30), orderBy: 'timestamp_asc' }, ['e2', 'e4', 'e1']),
  {
    name: 'pages of one are the whole answer, in every order',
    run: async ({ query }) => {
      for (const orderBy of ['updated_at_desc', 'created_at_asc', 'created_at_desc'] as const) {
        const whole = await query.searchSessions({ orderBy });
        const pages = await walked((cursor) =>
          query.searchSessions({ orderBy, limit: 1, ...(cursor === undefined ? {} : { cursor }) }),
        );
        expect(pages.flatMap((page) => idsOf(page.sessions))).toEqual(idsOf(whole.sessions));
        expect(pages.every(({ totalCount }) => totalCount === 3)).toBe(true);
      }
      for (const orderBy of ['started_at_asc', 'started_at_desc', 'token_usage_desc'] as const) {
        const whole = await query.searchRuns({ orderBy });
        const pages = await walked((cursor) =>
          query.searchRuns({ orderBy, limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
        );
        expect(pages.flatMap((page) => idsOf(page.runs))).toEqual(idsOf(whole.runs));
      }
      for (const orderBy of ['sequence_asc', 'timestamp_asc', 'timestamp_desc'] as const) {
        const whole = await query.searchEvents({ orderBy });
        const pages = await walked((cursor) =>
          query.searchEvents({ orderBy, limit: 1, ...(cursor === undefined ? {} : { cursor }) }),
        );
        expect(pages.flatMap((page) => idsOf(page.events))).toEqual(idsOf(whole.events));
      }
    },
  },
  {
    name: 'a cursor belongs to its filter and its order, and cannot be made up',
    run: async ({ query }) => {
      const { cursor } = await query.searchSessions({ limit: 1 });
      if (cursor === null) throw new Error('a page that is not empty has a cursor');
      const [first = ''] = cursor;
      const turned = (first === 'A' ? 'B' : 'A') + cursor.slice(1);
      const wrong: readonly (readonly [string, Promise<unknown>])[] = [
        ['order', query.searchSessions({ cursor, orderBy: 'created_at_asc' })],
        ['filter', query.searchSessions({ cursor, agentId: 'bob' })],
        ['operation', query.searchRuns({ cursor })],
        ['events', query.searchEvents({ cursor })],
        ['garbage', query.searchSessions({ cursor: 'garbage' })],
        ['empty', query.searchSessions({ cursor: '' })],
        ['turned', query.searchSessions({ cursor: turned })],
        ['shorter', query.searchSessions({ cursor: cursor.slice(0, -4) })],
      ];
      for (const [name, answer] of wrong)
        await expect(answer, name).rejects.toMatchObject({ code: 'invalid_cursor' });
    },
  },
  {
    name: 'figures of one session',
    run: async ({ query }) => {
      expect(await query.getSessionStats('a')).toEqual({
        eventCount: 3,
        runCount: 2,
        tokenTotals: { input: 1010, output: 500, total: 1510 },
        providersUsed: ['claude', 'codex'],
        firstEventAt: at(30),
        lastEventAt: at(40),
        statusCounts: { completed: 1, failed: 1 },
      });
      expect(await query.getSessionStats('gone')).toMatchObject({ eventCount: 0, runCount: 1 });
      await expect(query.getSessionStats('nobody')).rejects.toMatchObject({ code: 'session_not_found' });
    },
  },
  {
    name: 'what was used, in all and by group',
    run: async ({ query }) => {
      expect(await query.getUsageSummary()).toMatchObject({
        totalInputTokens: 1_001_010,
        totalOutputTokens: 507,
        totalTokens: 1500 + 10 + 1_000_007 + 42,
        runCount: 5,
        byProvider: {
          claude: { inputTokens: 1_001_000, outputTokens: 507, totalTokens: 1_001_507, runCount: 2 },
          codex: { inputTokens: 10, outputTokens: 0, totalTokens: 10, runCount: 1 },
          unknown: { inputTokens: 0, outputTokens: 0, totalTokens: 42, runCount: 2 },
        },
      });
      const { groups } = await query.getUsageSummary({ by: 'agent' });
      expect(groups.map(({ key, runCount }) => [key, runCount])).toEqual([
        ['alice', 4],
        ['bob', 1],
      ]);
      const { groups: days } = await query.getUsageSummary({ by: 'day', since: at(4) });
      expect(days).toMatchObject([{ key: '2026-01-01', runCount: 2 }]);
      expect(await query.getUsageSummary({ sessionId: 'nobody' })).toMatchObject({ runCount: 0, groups: [] });
    },
  },
  {
    name: 'what it cost, to the last decimal',
    run: async ({ query }) => {
      expect(await query.getCostSummary()).toMatchObject({
        totalCostUsd: '0.3000001',
        runCount: 5,
        unmappedRuns: 2,
        byProvider: {
          claude: { costUsd: '0.1', runCount: 2 },
          codex: { costUsd: '0.2', runCount: 1 },
          unknown: { costUsd: '0.0000001', runCount: 2 },
        },
      });
      const rates = { input: '3', output: '15', cacheRead: '0.3', cacheWrite: '3.75' };
      const prices = [{ providers: ['claude'], model: 'claude-sonnet-4', from: null, rates }];
      const priced = await query.getCostSummary({ prices, by: 'model' });
      expect(priced.byModel['claude-sonnet-4-5']?.costUsd).toBe('3.130105');
      expect(priced).toMatchObject({ totalCostUsd: '3.3301051', unmappedRuns: 1 });
      expect((await query.getCostSummary({ by: 'agent' })).groups).toMatchObject([
        { key: 'alice', unmappedRuns: 1, unmappedTokens: 0 },
        { key: 'bob', unmappedRuns: 1, unmappedTokens: 1_000_007 },
      ]);
      expect(await query.getCostSummary({ prices, agentId: 'bob' })).toMatchObject({
        totalCostUsd: '3.030105',
      });
    },
  },
  {
    name: 'an export has all of a session, a deleted one too',
    run: async ({ query }) => {
      const whole = await query.exportSession('a');
      expect([whole.session.id, idsOf(whole.runs), idsOf(whole.events)]).toEqual([
        'a',
        ['r1', 'r2'],
        ['e1', 'e2', 'e3'],
      ]);
      expect((await query.exportSession('gone')).session.deletedAt).toBe(at(5));
      await expect(query.exportSession('nobody')).rejects.toMatchObject({ code: 'session_not_found' });
      await expect(query.exportSession('a', { includeArtifacts: true })).rejects.toMatchObject({
        code: 'capability_not_supported',
      });
    },
  },
  {
    name: 'an event whose payload was dropped is found, and says so',
    run: async ({ query, store }) => {
      const before = await store.head('a');
      const note = { by: 'test', at: at(59), reason: 'too old' };
      expect(await store.redact({ logId: 'a', seqs: [2, 2, 99], note })).toBe(1);
      expect(await store.redact({ logId: 'a', seqs: [2], note: { ...note, by: 'else' } })).toBe(0);
      expect(await store.head('a')).toEqual(before);
      const check = new ChainCheck('a', sha256);
      for await (const page of store.read('a', { hashes: true })) page.forEach((each) => check.next(each));
      check.end(before);
      expect((await doctor(store)).findings).toEqual([]);
      const [again] = await openLogSessionStore(store, nodePlatform).appendEvents([sampleEvent('e2')]);
      expect(again).toMatchObject({ sequenceNumber: 2, redacted: note });
      const other = openLogSessionStore(store, nodePlatform).appendEvents([sampleEvent('e2', 'else')]);
      await expect(other).rejects.toBeInstanceOf(DuplicateEventError);
      const { events: found } = await query.searchEvents({ runIds: ['r1'] });
      expect(found).toMatchObject([{ id: 'e2', sequenceNumber: 2, data: {}, redacted: note }]);
      await expect(store.redact({ logId: 'graph', seqs: [1], note })).rejects.toMatchObject({
        code: InvalidEventError.code,
        whatFailed:
          "redact was to drop payloads of 'graph', which is the run of a graph. Only events of sessions can be redacted.",
      });
    },
  },
  {
    name: 'a text that came in pieces and never ended is found',
    run: async ({ query, store }) => {
      const piece = (id: string, delta: string): SessionEvent =>
        event(id, 'c', 55, { type: 'message_streamed', runId: 'r4', data: { delta } });
      await openLogSessionStore(store, nodePlatform).appendEvents([
        piece('p1', 'kingfi'),
        piece('p2', 'sher'),
      ]);
      const { matches } = await query.searchMessages({ text: 'kingfisher' });
      expect(matches).toMatchObject([
        { session: { id: 'c' }, message: { content: 'kingfisher', runId: 'r4' } },
      ]);
    },
  },
];
