/** The real Claude Code program, in a scratch home, against a server on the loopback. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AgentCall,
  type AgentEvent,
  countingMint,
  newExecution,
  newSession,
} from '../../src/sessions/index.ts';
import { type LocalAnthropic, openLocalAnthropic, type Reply } from '../harness/anthropic/local-anthropic.ts';
import type { AnswerBlock } from '../harness/anthropic/wire-message.ts';
import { isRunning, untilThere } from '../harness/fake-program.ts';
import { agentOver, claudeEnvironment, scratchHome, type ScratchHome } from './claude-program.ts';

const mint = countingMint();
const session = newSession({ agentId: 'claude' }, mint);
const text = (said: string): AnswerBlock => ({ type: 'text', text: said });
const bash = (id: string, command: string): AnswerBlock => ({
  type: 'tool_use',
  id,
  name: 'Bash',
  input: { command, description: 'a command' },
});

let home: ScratchHome;
let server: LocalAnthropic;
beforeEach(() => {
  home = scratchHome();
});
afterEach(async () => {
  await server.close();
  home.remove();
});

async function setUp(replies: readonly Reply[]) {
  server = await openLocalAnthropic({ replies });
  const agent = agentOver(server, home);
  const told: AgentEvent[] = [];
  const run = newExecution({ sessionId: session.id, input: 'say hi' }, mint);
  const execute = (call: Partial<AgentCall> = {}, input = 'say hi') =>
    agent.execute({ ...run, input }, session, {
      onEvent: (event) => void told.push(event),
      allowedTools: ['Bash'],
      timeoutMs: 50_000,
      ...call,
    });
  return { agent, run, told, execute, types: () => told.map(({ type }) => type) };
}

test('is the version that is tested here', async () => {
  const { agent } = await setUp([]);
  expect(await agent.version()).toBe('2.1.329');
});

test('uses a tool, and tells all of it', async () => {
  const { execute, told, types } = await setUp([
    { content: [text('Let me look.'), bash('toolu_1', 'echo "from $PWD"')] },
    { content: [text('It says where.')] },
  ]);
  expect(await execute()).toMatchObject({
    output: { content: 'It says where.', stop_reason: 'end_turn' },
    tokenUsage: { input_tokens: 200, output_tokens: 40 },
    costUsd: '0.0016',
    turnCount: 2,
  });
  expect(types().filter((type) => !type.startsWith('message_streamed'))).toEqual([
    'run_started',
    'message_received',
    'tool_call_started',
    'turn_completed',
    'token_usage_updated',
    'tool_call_completed',
    'message_received',
    'turn_completed',
    'token_usage_updated',
    'run_completed',
  ]);
  const completed = told.find(({ type }) => type === 'tool_call_completed');
  expect(completed?.data).toMatchObject({ tool_call_id: 'toolu_1', tool_output: `from ${home.path}` });
});

test('has only the tools that are allowed', async () => {
  const { execute, told } = await setUp([{ content: [text('hi')] }]);
  await execute({ allowedTools: ['Read', 'Grep'] });
  expect(told[0]?.data['tools']).toEqual(['Grep', 'Read']);
});

test('that is cancelled takes its tools along, which stand in a session of their own', async () => {
  const { agent, run, execute } = await setUp([
    { content: [bash('toolu_1', 'echo $$ > pid.new; mv pid.new pid; exec tail -f /dev/null')] },
  ]);
  const ended = expect(execute()).rejects.toMatchObject({ code: 'cancelled' });
  await untilThere(join(home.path, 'pid'));
  await agent.cancel(run.id);
  await ended;
  expect(isRunning(Number(readFileSync(join(home.path, 'pid'), 'utf8')))).toBe(false);
});

test('that waits for a vendor who does not answer is cancelled', async () => {
  const { agent, run, execute } = await setUp(['hang']);
  const ended = expect(execute()).rejects.toMatchObject({ code: 'cancelled' });
  await server.untilAsked(1);
  await agent.cancel(run.id);
  await ended;
  await server.untilLeft(1);
});

test('fails as the vendor does', async () => {
  const { execute, types } = await setUp([
    { status: 401, type: 'authentication_error', message: 'invalid key' },
  ]);
  await expect(execute()).rejects.toMatchObject({
    code: 'provider_authentication_failed',
    context: { status: 401, provider_error: { kind: 'api_error', exit_code: 1 } },
  });
  expect(types()).toEqual(['run_started']);
});

test('goes on with its own session, at the cost of what is new', async () => {
  const { execute, told } = await setUp([{ content: [text('First.')] }, { content: [text('Second.')] }]);
  const first = await execute({}, 'remember the word heron');
  told.length = 0;
  const second = await execute({ resumeFrom: first.providerSessionId ?? '' }, 'which word?');
  expect([second.providerSessionId, second.costUsd]).toEqual([first.providerSessionId, '0.0008']);
  expect(JSON.stringify(server.asked[1]?.body.messages)).toContain('heron');
  expect(told.filter(({ type }) => type === 'message_received').map(({ data }) => data['content'])).toEqual([
    'Second.',
  ]);
});

test('killed with the process that drove it, goes on under another one: nothing is lost, nothing comes twice, nothing runs on', async () => {
  const { agent, execute, told } = await setUp([
    {
      content: [
        text('Working.'),
        bash('toolu_1', 'echo $$ > pid.new; mv pid.new pid; exec tail -f /dev/null'),
      ],
    },
    { content: [bash('toolu_2', 'echo again')] },
    { content: [text('Done.')] },
  ]);
  const file = join(home.path, 'events');
  const variables = Object.entries(claudeEnvironment(server, home)).map(
    ([name, value]) => `${name}=${value}`,
  );
  const driver = spawn(process.execPath, [
    'test/agents/told-to-file.ts',
    home.path,
    'run_killed',
    file,
    ...variables,
  ]);
  await untilThere(join(home.path, 'pid'));
  driver.kill('SIGKILL');
  await once(driver, 'exit');
  const before = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AgentEvent);

  await agent.endLeftovers('run_killed');
  expect(isRunning(Number(readFileSync(join(home.path, 'pid'), 'utf8')))).toBe(false);
  const sessionId = before[0]?.data['session_id'];
  if (typeof sessionId !== 'string') throw new Error('the first event names no session');
  const words = before.filter(({ type }) => type === 'message_received' || type === 'tool_call_started');
  for (const word of words) expect(await agent.remembers?.(sessionId, word)).toBe(true);
  const result = await execute({ resumeFrom: sessionId }, 'go on');

  expect(result).toMatchObject({ output: { content: 'Done.' }, providerSessionId: sessionId });
  expect(JSON.stringify(server.asked[1]?.body.messages)).toContain('Working.');
  const all = [...before, ...told];
  const calls = all
    .filter(({ type }) => type === 'tool_call_started')
    .map(({ data }) => data['tool_call_id']);
  const texts = all.filter(({ type }) => type === 'message_received').map(({ data }) => data['content']);
  expect([calls, texts]).toEqual([
    ['toolu_1', 'toolu_2'],
    ['Working.', 'Done.'],
  ]);
  expect(server.asked).toHaveLength(3);
});
