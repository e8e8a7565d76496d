// `runlog sessions` and `runlog usage`: what there is of agents in a store, what was said, and what it cost.
import { openSessionManager, openSessionStore } from 'runlog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scriptedAgent } from 'runlog/sessions';
import { hostileText } from './stored-runs.ts';
import { newCanceller, type Play, sayHello } from '../../harness/session-bed.ts';
import { Workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
const place = new Workplace();

/** Of a model that nobody has a price for. */
const sayStrangely: Play = async ({ tell }) => {
  await tell({ type: 'run_started', data: { model: 'house-model-9' } });
  await tell({ type: 'message_received', data: { role: 'assistant', content: hostileText } });
  return {
    output: { content: hostileText },
    tokenUsage: { input_tokens: 30, output_tokens: 12 },
    model: 'house-model-9',
  };
};

beforeAll(async () => {
  const store = await openSessionStore(place.path('sessions.db'));
  const claude = openSessionManager(store, scriptedAgent({ name: 'claude', newCanceller, play: sayHello }));
  await claude.runOnce('say hello to the heron', { session: { id: 's1', tags: ['demo', 'birds'] } });
  await claude.startSession({ id: 's2', tags: ['demo'] });
  const other = openSessionManager(store, scriptedAgent({ name: 'house', newCanceller, play: sayStrangely }));
  await other.runOnce('say it strangely', { session: { id: 's3' } });
  await claude.runOnce('a secret heron', { session: { id: 'gone' } });
  const gone = await store.getSession('gone');
  await store.saveSession({ ...gone, deletedAt: '2026-11-21T12:00:00.000000Z' });
  await store.close();
});
afterAll(() => place.remove());

const listShape = z.object({
  sessions: z.array(z.looseObject({ session_id: z.string() })),
  cursor: z.string().nullable(),
  total_count: z.number().nullable(),
});

const errorShape = z.object({ error: z.looseObject({ summary: z.string(), how_to_fix: z.string() }) });

async function listed(...args: readonly string[]) {
  const { code, stdout, stderr } = await place.runlog(['sessions', url, '--json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const page = listShape.parse(JSON.parse(stdout));
  return { ...page, ids: page.sessions.map(({ session_id: id }) => id) };
}

describe('runlog sessions', () => {
  test('lists one line a session with its first message, those that are deleted left out', async () => {
    const { code, stdout, stderr } = await place.runlog(['sessions', url]);
    const lines = stdout.trimEnd().split('\n');
    expect({ code, stderr, count: lines.length }).toEqual({ code: 0, stderr: '', count: 4 });
    expect(lines[0]).toMatch(/^SESSION +UPDATED +STATE +AGENT +ABOUT$/);
    expect(lines.find((text) => text.startsWith('s1 '))).toMatch(
      / \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ completed +claude +\[demo, birds\] {2}say hello to the heron$/,
    );
    expect(lines.find((text) => text.startsWith('s2 '))).toMatch(/ pending +claude +\[demo\]$/);
  });

  test.each([
    [
      ['--status', 'completed'],
      ['s3', 's1'],
    ],
    [
      ['--status', 'completed', '--status', 'pending'],
      ['s3', 's2', 's1'],
    ],
    [['--agent', 'house'], ['s3']],
    [
      ['--tag', 'demo'],
      ['s2', 's1'],
    ],
    [['--tag', 'demo', '--tag', 'birds'], ['s1']],
    [
      ['--since', '1h'],
      ['s3', 's2', 's1'],
    ],
    [['--since', '2999-01-01'], []],
    [['--search', 'HERON'], ['s1']],
    [
      ['--search', 'heron', '--deleted'],
      ['gone', 's1'],
    ],
    [['--deleted', '--limit', '1'], ['gone']],
  ])('%j', async (args, ids) => {
    expect((await listed(...args)).ids.toSorted()).toEqual(ids.toSorted());
  });

  test('goes on behind a page, and the last page has no cursor', async () => {
    const first = await listed('--limit', '2');
    expect(first).toMatchObject({ total_count: 3, sessions: [{}, {}] });
    const second = await listed('--limit', '2', '--cursor', first.cursor ?? '');
    expect(second).toMatchObject({ cursor: null, sessions: [{}] });
    expect([...first.ids, ...second.ids].toSorted()).toEqual(['s1', 's2', 's3']);
    const { stdout, stderr } = await place.runlog(['sessions', url, '--limit', '2']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).toBe(`more: runlog sessions ${url} --cursor ${first.cursor}  (with the same options)\n`);
  });

  test('shows the message that was looked for, and who said it', async () => {
    expect((await listed('--search', 'heron')).sessions).toMatchObject([
      { session_id: 's1', agent_id: 'claude', match: { role: 'user', content: 'say hello to the heron' } },
    ]);
    const { stdout } = await place.runlog(['sessions', url, '--search', 'no such words']);
    expect(stdout).toBe('(no such sessions in sqlite:///sessions.db)\n');
  });

  test('steers no terminal', async () => {
    const { stdout } = await place.runlog(['sessions', url, '--search', hostileText.slice(0, 6)]);
    expect(stdout).toContain('s3 ');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('runlog usage', () => {
  test('sums tokens and exact money by model, and names the model that has no price, with the command that counts it', async () => {
    const { code, stdout } = await place.runlog(['usage', url]);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((text) => text.replaceAll(/ +/g, ' ').trim())).toEqual([
      'MODEL RUNS INPUT OUTPUT TOKENS COST',
      'claude-sonnet-4-5-20250929 2 2000 1000 3000 $0.021',
      'house-model-9 1 30 12 42 ?',
      'total 3 2030 1012 3042 $0.021 + ?',
      '',
      'no price is known for:',
      'house house-model-9: 1 run, 42 tokens',
      'What they cost is in no sum. A price belongs to a provider and a model.',
      'To count them, put your dollars for a million tokens of input and of output in the place of 3 and 15:',
      `runlog usage ${url} --price house/house-model-9=3,15`,
      '',
    ]);
  });

  test('counts a model at the price that the printed command gives, and asks for no other', async () => {
    const { stdout } = await place.runlog(['usage', url]);
    const words = /runlog (usage .*)/.exec(stdout)?.[1]?.split(' ') ?? [];
    const priced = await place.runlog([...words, '--json']);
    expect(JSON.parse(priced.stdout)).toMatchObject({
      total: { cost_usd: '0.02127', unpriced_tokens: 0 },
      unpriced_models: [],
    });
    expect((await place.runlog(words)).stdout).not.toContain('no price');
  });

  test.each([
    ['all models of a provider', 'house=1,2', '0.021054'],
    ['a fraction of a cent', 'house/house-model-9=0.1,0.0005', '0.021003006'],
    ['a model that has a recorded cost, which stays', 'claude/claude-sonnet-4-5-20250929=9,9', '0.021'],
  ])('takes a price for %s', async (_, price, cost) => {
    const { stdout } = await place.runlog(['usage', url, '--price', price, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ total: { cost_usd: cost } });
  });

  test.each([
    ['agent', ['claude', 'house']],
    ['day', [new Date().toISOString().slice(0, 10)]],
  ])('groups by %s', async (by, keys) => {
    const { stdout } = await place.runlog(['usage', url, '--by', by, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      by,
      since: null,
      groups: keys.map((key) => ({ key })),
      total: { runs: 3, total_tokens: 3042, cost_usd: '0.021', unpriced_tokens: 42 },
      unpriced_models: [{ provider: 'house', model: 'house-model-9', runs: 1, tokens: 42 }],
    });
  });

  test('counts only what was made since then', async () => {
    const { stdout } = await place.runlog(['usage', url, '--since', '2999-01-01T00:00:00Z']);
    expect(stdout).toBe('(no runs of agents)\n');
  });
});

describe('is refused', () => {
  test.each([
    [['sessions', url, '--status', 'idle'], 2, /Allowed choices are pending, active/],
    [['sessions', url, '--limit', '0'], 2, /a whole number from 1 to 1000/],
    [['sessions', url, '--limit', 'many'], 2, /a whole number from 1 to 1000/],
    [['sessions', url, '--since', 'yesterday'], 2, /an age \(90m, 12h, 30d, 8w\), a day/],
    [['sessions', url, '--since', '2026-13-40'], 2, /an age \(90m, 12h, 30d, 8w\), a day/],
    [['sessions', url, '--search', ' '], 2, /--search <text>.* is invalid/],
    [['sessions', url, '--cursor', 'made-up'], 2, /the cursor is none of this question/],
    [['sessions', 'sqlite:///none.db'], 3, /no store at 'none\.db'/],
    [['usage', url, '--by', 'colour'], 2, /Allowed choices are day, model, agent/],
    [['usage', url, '--since', '-1'], 2, /an age/],
    [['usage', url, '--price', 'house/m'], 2, /provider\/model=input,output/],
    [['usage', url, '--price', 'house/m=3'], 2, /provider\/model=input,output/],
    [['usage', url, '--price', 'house/m=3,x'], 2, /provider\/model=input,output/],
    [['usage', url, '--price', 'house/m=3,-1'], 2, /provider\/model=input,output/],
    [['usage', url, '--price', '/m=3,15'], 2, /provider\/model=input,output/],
    [['usage', 'sqlite:///none.db'], 3, /no store at 'none\.db'/],
  ])('%j', async (args, code, said) => {
    const before = place.fingerprint();
    const { stdout, stderr, ...end } = await place.runlog([...args, '--json']);
    const { error } = errorShape.parse(JSON.parse(stderr));
    expect({ ...end, stdout }).toMatchObject({ code, stdout: '' });
    expect(`${error.summary}\n${error.how_to_fix}`).toMatch(said);
    expect(place.fingerprint()).toEqual(before);
  });
});
