// Scenario 30 of agent sessions: pages and their cursors, the words of redaction, the figures of cost. What happens without an optional
// dependency needs a package that is not installed: test/e2e/ao/packed.test.ts.
import { expect, test } from 'vitest';
import { nodePlatform, queryRef, sha256 } from 'runlog';
import { redactor } from 'runlog/base';
import { listPrices } from 'runlog/effects';
import { MemoryDatabase, openMemoryStore } from 'runlog/log';
import {
  countingMint,
  newSession,
  newSessionEvent,
  openLogSessionStore,
  sessionQuery,
  type SessionEventType,
  usageLines,
} from 'runlog/sessions';
import { newCanceller } from '../../harness/session-bed.ts';

const mint = countingMint();

async function threeSessions() {
  const { nowMs, sleep } = nodePlatform;
  const log = openMemoryStore({ sha256, nowMs, database: new MemoryDatabase() });
  const store = openLogSessionStore(log, { sleep, newCanceller });
  // Made in another order than they were touched in, so that the two orders differ.
  for (const [id, made, touched] of [
    ['t1', 3, 11],
    ['t2', 1, 12],
    ['t3', 2, 13],
  ] as const) {
    const at = (minute: number): string => `2026-01-01T00:${minute + 10}:00.000000Z`;
    const session = newSession({ id, agentId: 'a' }, mint);
    await store.saveSession({ ...session, createdAt: at(made), updatedAt: at(touched) });
  }
  return sessionQuery(queryRef(log));
}

test('30: pages of one session give each of them once, the one that was touched last first', async () => {
  const query = await threeSessions();
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await query.searchSessions({
      orderBy: 'updated_at_desc',
      limit: 1,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.sessions.map(({ id }) => id));
    ({ cursor } = page);
  }
  expect(found).toEqual(['t3', 't2', 't1']);
});

test('30: a cursor is refused in another order, and when it is made up', async () => {
  const query = await threeSessions();
  const { cursor } = await query.searchSessions({ orderBy: 'updated_at_desc', limit: 1 });
  for (const wrong of [{ orderBy: 'created_at_asc', cursor: cursor ?? '' }, { cursor: 'garbage' }] as const) {
    await expect(query.searchSessions(wrong)).rejects.toMatchObject({ code: 'invalid_cursor' });
  }
});

test.each([-1, 100_000])('30: a limit of %d is refused', async (limit) => {
  const query = await threeSessions();
  await expect(query.searchSessions({ limit })).rejects.toMatchObject({ code: 'validation_error' });
});

test('30: a secret is replaced by the name of its category, and what is around it stays', () => {
  const named = redactor({ replacement: 'categorized' });
  const key = `sk-ant-api03-${'aB3'.repeat(9).slice(0, 26)}`;
  expect(named.text(`key ${key} and password: hunter2`)).toBe(
    'key [REDACTED:anthropic_key] and [REDACTED:password]',
  );
});

test.each([
  ['claude', 'claude-opus-4-6', { cache_read_tokens: 200, cache_creation_tokens: 100 }, '0.054675'],
  ['codex', 'o3-mini-2025-01-31', {}, '0.0033'],
  ['codex', 'a-model-nobody-knows', {}, '0.0105'],
  ['router', 'o3', {}, null],
])(
  '30: 1000 tokens in and 500 out of %s with %s cost what they did in February',
  (provider, model, more, cost) => {
    const told = (type: SessionEventType, data: Record<string, string | number>) => {
      const timestamp = '2026-02-01T00:00:00Z';
      return newSessionEvent({ type, sessionId: 's', runId: 'r', provider, timestamp, data }, mint);
    };
    const used = { input_tokens: 1000, output_tokens: 500, ...more };
    const [line] = usageLines(
      [told('run_started', { model }), told('token_usage_updated', used)],
      listPrices,
    );
    expect(line?.costUsd).toBe(cost);
  },
);
