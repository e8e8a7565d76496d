// `runlog session`: what was said in a session of an agent, and its events.
import { openSessionManager, openSessionStore } from 'runlog';
import { beforeEach, expect, test } from 'vitest';
import { scriptedAgent } from 'runlog/sessions';
import { sayHello } from '../../harness/session-bed.ts';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
let place: Workplace;

beforeEach(async () => {
  place = workplace();
  const store = await openSessionStore(place.path('sessions.db'));
  const agent = scriptedAgent({ name: 'claude', newCanceller: () => new AbortController(), play: sayHello });
  const manager = openSessionManager(store, agent);
  await manager.runOnce('say hello', { session: { id: 's1', tags: ['demo'] } });
  await manager.close();
  await store.close();
});

test('shows what was said, with the runs and what they cost', async () => {
  const { code, stdout } = await place.runlog(['session', url, 's1']);
  const lines = stdout.split('\n');
  expect([code, lines[0]]).toEqual([0, 's1  claude  completed  tags: demo']);
  expect(lines[1]).toMatch(/^ {2}run run_[0-9a-f]{32} {2}completed {2}\$0\.0105$/);
  expect(lines.slice(2)).toEqual([
    ...['', 'user:', 'say hello', '', 'assistant:', 'hello', ''],
    ...['assistant calls bash {"command":"ls"}', '', 'bash -> "a.txt"', ''],
  ]);
});

test('lists the events, and says that a session is not there', async () => {
  const { code, stdout } = await place.runlog(['session', url, 's1', '--events']);
  const types = stdout
    .trim()
    .split('\n')
    .map((text) => text.split('  ')[2]);
  expect([code, types.length, types[0], types.at(-1)]).toEqual([
    0,
    12,
    'session_created',
    'session_completed',
  ]);
  expect((await place.runlog(['session', url, 'nobody'])).code).toBe(3);
});

test('gives it all as JSON', async () => {
  const { stdout } = await place.runlog(['session', url, 's1', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    session_id: 's1',
    status: 'completed',
    runs: [{ cost_usd: 0.0105 }],
  });
});

test('follows a session until it is interrupted', async () => {
  const child = place.start(['session', url, 's1', '--follow']);
  let seen = '';
  for await (const piece of child.stdout ?? []) {
    seen += String(piece);
    if (seen.includes('session_completed')) break;
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
  expect(seen.trim().split('\n')).toHaveLength(12);
});
