// A conversation with the real Claude Code program through the built command, killed in the middle and gone on with by another process.
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ended, type Workplace, workplace } from '../e2e/cli/workplace.ts';
import { type LocalAnthropic, openLocalAnthropic, type Reply } from '../harness/anthropic/local-anthropic.ts';
import type { AnswerBlock } from '../harness/anthropic/wire-message.ts';
import { isRunning, untilThere } from '../harness/fake-program.ts';
import { dropSchema, schemaName, serverUrl } from '../harness/postgres/scratch-schema.ts';
import { claudeEnvironment, claudeProgram, scratchHome, type ScratchHome } from './claude-program.ts';

const text = (said: string): AnswerBlock => ({ type: 'text', text: said });
const bash = (id: string, command: string): AnswerBlock => ({
  type: 'tool_use',
  id,
  name: 'Bash',
  input: { command, description: 'a command' },
});
const hanging = 'echo $$ > pid.new; mv pid.new pid; exec tail -f /dev/null';
const eventShape = z.looseObject({
  id: z.string(),
  type: z.string(),
  session_id: z.string(),
  run_id: z.string().nullable(),
  sequence_number: z.number(),
  data: z.record(z.string(), z.unknown()),
});
type Event = z.infer<typeof eventShape>;

let home: ScratchHome;
let place: Workplace;
let server: LocalAnthropic;
let env: Record<string, string>;

beforeEach(() => {
  home = scratchHome();
  place = workplace();
});
afterEach(async () => {
  await server.close();
  home.remove();
});

/** `claude` is on the search path, and what it asks is the server on the loopback. */
async function setUp(replies: readonly Reply[]): Promise<void> {
  server = await openLocalAnthropic({ replies });
  const bin = join(home.path, 'bin');
  mkdirSync(bin);
  symlinkSync(claudeProgram(), join(bin, 'claude'));
  env = { ...claudeEnvironment(server, home), PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

function eventsIn(stdout: string): readonly Event[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => eventShape.parse(JSON.parse(line)));
}

const asked = (url: string): readonly string[] => [
  ...['agent', 'run', '--agent', 'claude', '--store', url, '--allow', 'Bash'],
];
const told = (events: readonly Event[], type: string, field: string): readonly unknown[] =>
  events.filter((event) => event.type === type).map(({ data }) => data[field]);

async function converse(url: string): Promise<void> {
  await setUp([
    { content: [text('Let me look.'), bash('toolu_1', 'echo first')] },
    { content: [text('Working.'), bash('toolu_2', hanging)] },
    { content: [bash('toolu_3', 'echo again')] },
    { content: [text('Done.')] },
  ]);
  const child = place.start([...asked(url), '--json', '--', 'remember the heron'], { env });
  let seen = '';
  for await (const piece of child.stdout ?? []) {
    seen += String(piece);
    // The tool of the second turn begins beside the telling of what that turn has used.
    const isTold = seen.split('"token_usage_updated"').length === 3;
    if (isTold && seen.includes('toolu_2') && seen.includes('Working.') && seen.endsWith('\n')) break;
  }
  await untilThere(place.path('pid'));
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const before = eventsIn(seen);
  const session = before[0]?.session_id ?? '';

  const second = await place.runlog([...asked(url), '--session', session, '--', 'go on'], { env });
  expect(second).toMatchObject({ code: 0, stdout: 'Done.\n' });
  expect(second.stderr).toMatch(
    /^run run_\w+ was left behind by a process that died; it has ended as failed\.\n/,
  );
  expect(isRunning(Number(place.read('pid')))).toBe(false);

  const all = eventsIn((await place.runlog(['session', url, session, '--events', '--json'])).stdout);
  expect(all.slice(0, before.length)).toEqual(before);
  expect(all.map(({ sequence_number: number }) => number)).toEqual(all.map((_, index) => index + 1));
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(told(all, 'tool_call_started', 'tool_call_id')).toEqual(['toolu_1', 'toolu_2', 'toolu_3']);
  expect(told(all, 'message_received', 'content')).toEqual(['Let me look.', 'Working.', 'Done.']);
  expect(told(all, 'message_sent', 'content')).toEqual(['remember the heron', 'go on']);
  expect(all.filter(({ type }) => /^run_[cf]/.test(type)).map(({ type }) => type)).toEqual([
    ...['run_failed', 'run_completed'],
  ]);
  // The agent went on in its own session: it knows what was said, and nobody told it again.
  expect(new Set(told(all, 'run_started', 'session_id')).size).toBe(1);
  expect(server.asked).toHaveLength(4);
  expect(JSON.stringify(server.asked[2]?.body.messages)).toContain('remember the heron');

  const shown = z
    .looseObject({ runs: z.array(z.looseObject({ status: z.string(), token_usage: z.unknown() })) })
    .parse(JSON.parse((await place.runlog(['session', url, session, '--json'])).stdout));
  expect(shown.runs).toMatchObject([
    { status: 'failed', error: { details: { reason: 'owner_gone' } }, token_usage: { input_tokens: 200 } },
    { status: 'completed', token_usage: { input_tokens: 200, output_tokens: 40 } },
  ]);
  const usage = await place.runlog(['usage', url, '--by', 'agent', '--json']);
  expect(JSON.parse(usage.stdout)).toMatchObject({
    groups: [{ key: 'claude', runs: 2, input_tokens: 400 }],
    unpriced_models: [],
  });
}

test('on SQLite: killed with its command, gone on with by another process, nothing lost, nothing twice', async () => {
  await converse('sqlite:///sessions.db');
});

test('on PostgreSQL the same', async () => {
  const schema = schemaName();
  const url = new URL(serverUrl());
  url.searchParams.set('schema', schema);
  try {
    await converse(url.href);
  } finally {
    await dropSchema(schema);
  }
});

test('Ctrl-C ends the program and its tools, and the run once, as cancelled', async () => {
  await setUp([{ content: [text('Working.'), bash('toolu_1', hanging)] }]);
  const url = 'sqlite:///sessions.db';
  const child = place.start([...asked(url), '--json', '--', 'work'], { env });
  const close = ended(child);
  await untilThere(place.path('pid'));
  child.kill('SIGINT');
  const { code, stdout } = await close;
  const types = eventsIn(stdout).map(({ type }) => type);
  expect({ code, ends: types.filter((type) => /^run_[cf]/.test(type)) }).toEqual({
    ...{ code: 130, ends: ['run_cancelled'] },
  });
  expect(isRunning(Number(place.read('pid')))).toBe(false);
});
