// `runlog session`: what was said in a session of an agent, and its events.
import { openSessionManager, openSessionStore } from 'runlog';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { scriptedAgent } from 'runlog/sessions';
import { main } from '../../../src/cli/main.ts';
import { newCanceller, type Play, sayHello } from '../../harness/session-bed.ts';
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
  expect(lines[1]).toMatch(/^ {2}run_[0-9a-f]{32} +completed +\d{4}-\S+Z {2}claude {2}\$0\.0105$/);
  expect(lines.slice(2)).toEqual([
    ...['', 'user:', 'say hello', '', 'assistant:', 'hello', ''],
    ...['assistant calls bash {"command":"ls"}', '', 'bash -> "a.txt"', ''],
  ]);
});

test('shows an answer that its agent returned and did not tell, and a search finds it', async () => {
  const store = await openSessionStore(place.path('sessions.db'));
  const play: Play = async () => ({ output: { content: 'in the reeds' } });
  const manager = openSessionManager(store, scriptedAgent({ name: 'claude', newCanceller, play }));
  await manager.runOnce('where is the heron?', { session: { id: 's2' } });
  await manager.close();
  await store.close();
  const { stdout } = await place.runlog(['session', url, 's2']);
  expect(stdout).toContain('user:\nwhere is the heron?\n\nassistant:\nin the reeds\n');
  const found = await place.runlog(['sessions', url, '--search', 'in the reeds']);
  expect(found.stdout).toMatch(/^s2 .*in the reeds/m);
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

test('is shown by the command that an error names, where a run of a graph was asked for', async () => {
  const { code, stderr } = await place.runlog(['status', url]);
  expect([code, stderr]).toEqual([
    3,
    expect.stringContaining('`runlog inspect sqlite:///sessions.db --run-id s1`'),
  ]);
});

test('gives it all as JSON', async () => {
  const { stdout } = await place.runlog(['session', url, 's1', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    session_id: 's1',
    status: 'completed',
    runs: [{ cost_usd: 0.0105 }],
  });
});

test('shows all that was said, however much a tool has answered since', async () => {
  const large = 'x'.repeat(500_001);
  const [asked, answer] = ['read the large file', 'the heron stands in the reeds'];
  const store = await openSessionStore(place.path('sessions.db'));
  const play: Play = async ({ tell, run }) => {
    if (run.input !== asked) {
      await tell({ type: 'message_received', data: { role: 'assistant', content: answer } });
      return { output: { content: answer } };
    }
    const call = { tool_call_id: 't1', tool_name: 'bash' };
    await tell({ type: 'tool_call_started', data: { ...call, tool_input: { command: 'cat large' } } });
    await tell({ type: 'tool_call_completed', data: { ...call, tool_output: large } });
    return { output: { content: '' } };
  };
  const manager = openSessionManager(store, scriptedAgent({ name: 'claude', newCanceller, play }));
  const { id } = await manager.startSession({ id: 's2' });
  await manager.activateSession(id);
  for (const prompt of ['where is the heron?', asked])
    await manager.executeRun((await manager.startRun(id, prompt)).id);
  await manager.close();
  await store.close();
  const { stdout } = await place.runlog(['session', url, 's2', '--json']);
  const shape = z.object({ messages: z.array(z.looseObject({ content: z.string().nullable() })) });
  const { messages } = shape.parse(JSON.parse(stdout));
  expect(messages.map(({ content }) => content)).toEqual([
    ...['where is the heron?', answer, asked, null, null],
  ]);
  expect(messages.at(-1)).toMatchObject({ tool_output: large });
  const shown = (await place.runlog(['session', url, 's2'])).stdout;
  expect(shown).toContain(`user:\nwhere is the heron?\n\nassistant:\n${answer}\n`);
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

test('each event is one line of JSON', async () => {
  const { stdout } = await place.runlog(['session', url, 's1', '--events', '--json']);
  const types = stdout
    .trim()
    .split('\n')
    .map((text) => z.looseObject({ type: z.string() }).parse(JSON.parse(text)).type);
  expect([types.length, types[0]]).toEqual([12, 'session_created']);
});

test('`inspect` says the same of its row and its runs, and each of the two points a person to the other', async () => {
  const shape = z.looseObject({ session_id: z.string(), runs: z.array(z.unknown()) });
  const said = shape.parse(JSON.parse((await place.runlog(['session', url, 's1', '--json'])).stdout));
  const args = ['inspect', url, '--run-id', 's1'];
  const { session, ...log } = shape
    .extend({ session: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse((await place.runlog([...args, '--json'])).stdout));
  expect(said).toMatchObject(session);
  expect(log).toMatchObject({ session_id: 's1', runs: said.runs });
  const lines = (await place.runlog(args)).stdout.split('\n');
  const shown = (await place.runlog(['session', url, 's1'])).stdout.split('\n');
  expect(lines.find((text) => text.startsWith('  run_'))).toBe(shown[1]);
  const atTerminal = async (...words: readonly string[]): Promise<string> => {
    let text = '';
    const out = async (piece: string): Promise<void> => void (text += piece);
    const terminal = { out, err: out, isTty: true, columns: 100, env: { NO_COLOR: '1' } };
    expect(await main([...words], terminal)).toBe(0);
    return text;
  };
  const store = `sqlite:///${place.path('sessions.db')}`;
  expect(await atTerminal('session', store, 's1')).toContain(`: runlog inspect ${store} --run-id s1\n`);
  expect(await atTerminal('inspect', store, '--run-id', 's1')).toContain(`: runlog session ${store} s1\n`);
  expect(lines.concat(shown).join()).not.toContain('runlog');
});

test('a bare path is refused as in every command', async () => {
  expect((await place.runlog(['session', 'sessions.db', 's1'])).code).toBe(2);
  expect((await place.runlog(['session', url, 'nobody'])).stderr).toContain(`\`runlog sessions ${url}\``);
});
