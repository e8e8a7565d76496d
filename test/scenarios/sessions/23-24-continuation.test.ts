// Scenarios 23 and 24 of agent sessions: what was said before, and how an agent learns of it.
import { expect, onTestFinished, test } from 'vitest';
import {
  type AgentAdapter,
  type AgentCall,
  newSessionEvent,
  countingMint,
  scriptedAgent,
  type SessionEventType,
  transcriptEnd,
  transcriptOf,
} from 'runlog/sessions';
import { hello, newCanceller, type Play, sayHello, sessionBed } from '../../harness/session-bed.ts';

const mint = countingMint();
const event = (type: SessionEventType, data: Record<string, string>) =>
  newSessionEvent({ type, sessionId: 's', runId: 'r', data }, mint);

test('23: a window of seven characters holds the last two of three messages, and pieces and their whole are one message', () => {
  const messages = ['0123456789', '01234', '01'].map((content) => ({ role: 'user' as const, content }));
  expect(transcriptEnd(messages, { maxChars: 7 })).toEqual(messages.slice(1));
  expect(transcriptEnd(messages, { maxChars: 7, maxTokensApprox: 1 })).toEqual(messages.slice(2));
  expect(transcriptEnd(messages, { maxMessages: 1 })).toEqual(messages.slice(2));
  const said = transcriptOf([
    event('message_streamed', { delta: 'a', content: 'a' }),
    event('message_streamed', { delta: 'b', content: 'b' }),
    event('message_received', { content: 'ab', role: 'assistant' }),
  ]);
  expect(said.map(({ role, content }) => [role, content])).toEqual([['assistant', 'ab']]);
});

test('what goes into a tool and comes out of it counts', () => {
  const call = {
    role: 'assistant' as const,
    content: null,
    toolName: 'bash',
    toolInput: { command: 'ls -la' },
  };
  const answer = { role: 'tool' as const, content: null, toolName: 'bash', toolOutput: 'x'.repeat(50) };
  expect(transcriptEnd([call, answer], { maxChars: 60 })).toEqual([answer]);
  expect(transcriptEnd([call, answer], { maxChars: 90 })).toEqual([call, answer]);
});

test('a text that was streamed before a call is not said again by the whole message behind it', async () => {
  const bed = sessionBed();
  const { session } = await bed.manager(sayHello).runOnce('say hello');
  const said = transcriptOf(await bed.events(session.id));
  expect(said.map(({ role, content, toolName }) => [role, content, toolName ?? null])).toEqual([
    ['user', 'say hello', null],
    ['assistant', 'hello', null],
    ['assistant', null, 'bash'],
    ['tool', null, 'bash'],
  ]);
});

test('a message that goes on behind a call adds what is new', () => {
  const said = transcriptOf([
    event('message_streamed', { delta: 'Let me look.', content: 'Let me look.' }),
    event('tool_call_started', { tool_call_id: 't', tool_name: 'bash' }),
    event('message_streamed', { delta: 'Two files.', content: 'Two files.' }),
    event('message_received', { content: 'Let me look.\n\nTwo files.', role: 'assistant' }),
  ]);
  expect(said.map(({ content }) => content)).toEqual(['Let me look.', null, 'Two files.']);
});

test('of what was redacted nothing is said, a call of a tool and its answer neither', () => {
  const redacted = { by: 'ops', at: '2026-01-01T00:00:00Z', reason: 'asked' };
  const dropped = (type: SessionEventType) => ({ ...event(type, {}), redacted });
  const said = transcriptOf([
    event('message_sent', { content: 'hello' }),
    dropped('message_sent'),
    dropped('tool_call_started'),
    dropped('tool_call_completed'),
    dropped('tool_call_failed'),
    dropped('message_received'),
  ]);
  expect(said.map(({ content }) => content)).toEqual(['hello']);
});

test('24: continuation is a known mode; native needs a session of the agent; auto tells again what was said, and the input once', async () => {
  const bed = sessionBed();
  const calls: AgentCall[] = [];
  let play: Play = sayHello;
  const manager = bed.manager((scene) => {
    calls.push(scene.call);
    return play(scene);
  });
  const forgetful: Play = async ({ tell }) => {
    await tell({ type: 'message_received', data: { content: 'hi there', role: 'assistant' } });
    return { output: { content: 'hi there' } };
  };
  play = forgetful;
  await manager.startSession({ id: 's' });
  const first = await manager.startRun('s', 'hi');
  const wrong: object = { continuation: true };
  await expect(manager.executeRun(first.id, wrong)).rejects.toMatchObject({ code: 'validation_error' });
  const native = manager.executeRun(first.id, { continuation: 'native' });
  await expect(native).rejects.toMatchObject({ code: 'invalid_operation' });
  expect((await bed.store.getRun(first.id)).status).toBe('pending');
  await manager.executeRun(first.id, { continuation: 'auto' });
  const second = await manager.startRun('s', 'and now?');
  await manager.executeRun(second.id, { continuation: 'auto' });
  expect(calls.map(({ transcript }) => transcript?.map(({ role, content }) => [role, content]))).toEqual([
    undefined,
    [
      ['user', 'hi'],
      ['assistant', 'hi there'],
    ],
  ]);
  play = sayHello;
  for (const continuation of [false, 'auto', 'native', 'replay'] as const) {
    const run = await manager.startRun('s', 'on');
    await manager.executeRun(run.id, { continuation });
  }
  expect(calls.slice(2).map(({ resumeFrom }) => resumeFrom)).toEqual([undefined, 'p1', 'p1', undefined]);
  expect(calls.at(-1)?.transcript?.length).toBeGreaterThan(hello.length);
});

test.each([
  ['remembers the last word of a run whose process died goes on in its own session', true, 'p1'],
  ['does not remember it is told again what was said', false, undefined],
  ['cannot say whether it does is told again what was said', null, undefined],
])('an agent that %s', async (_what, answer, resumed) => {
  const bed = sessionBed();
  const asked: unknown[] = [];
  let call: AgentCall | undefined;
  const agentOf = (play: Play): AgentAdapter => {
    const plain = scriptedAgent({ name: 'claude', newCanceller, play });
    if (answer === null) return plain;
    const remembers = async (...question: unknown[]): Promise<boolean> => {
      asked.push(question);
      return answer;
    };
    return { ...plain, remembers };
  };
  const dying: Play = async ({ tell }) => {
    for (const told of hello) await tell(told);
    return new Promise<never>(() => undefined);
  };
  const lost = bed.manager(dying, { agent: agentOf(dying) });
  onTestFinished(() => lost.close());
  await lost.startSession({ id: 's' });
  const { id } = await lost.startRun('s', 'go');
  lost.executeRun(id).catch(() => undefined);
  await expect.poll(() => bed.types('s')).toContain('token_usage_updated');
  bed.lapse();
  const remembered: Play = async (scene) => {
    ({ call } = scene);
    return sayHello(scene);
  };
  const manager = bed.manager(remembered, { agent: agentOf(remembered) });
  await manager.recover('s');
  const next = await manager.startRun('s', 'go on');
  await manager.executeRun(next.id, { continuation: 'auto' });
  expect([call?.resumeFrom, call?.transcript === undefined]).toEqual([resumed, resumed !== undefined]);
  const word = { type: 'message_received', data: { content: 'hello', role: 'assistant' } };
  expect(asked).toEqual(answer === null ? [] : [['p1', word]]);

  // What a run has said since then is in the agent's own session: there is nothing to ask any more.
  const last = await manager.startRun('s', 'and again');
  await manager.executeRun(last.id, { continuation: 'auto' });
  expect([call?.resumeFrom, asked.length]).toEqual(['p1', answer === null ? 0 : 1]);
});
