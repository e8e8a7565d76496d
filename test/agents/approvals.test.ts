// The real Claude Code program, held before a tool until a person has spoken in another process.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { ended, type Workplace, workplace } from '../e2e/cli/workplace.ts';
import { type LocalAnthropic, openLocalAnthropic } from '../harness/anthropic/local-anthropic.ts';
import type { AnswerBlock } from '../harness/anthropic/wire-message.ts';
import { claudeEnvironment, claudeProgram, scratchHome, type ScratchHome } from './claude-program.ts';

const bash = (id: string, command: string): AnswerBlock => ({
  type: 'tool_use',
  id,
  name: 'Bash',
  input: { command, description: 'a command' },
});
const pendingShape = z.array(
  z.looseObject({ approval_id: z.string(), session_id: z.string(), tool_call_id: z.string() }),
);
const url = 'sqlite:///sessions.db';

let home: ScratchHome;
let place: Workplace;
let server: LocalAnthropic;

beforeEach(async () => {
  home = scratchHome();
  place = workplace();
  server = await openLocalAnthropic({
    replies: [
      { content: [bash('toolu_1', 'echo one > one'), bash('toolu_2', 'echo two > two')] },
      { content: [{ type: 'text', text: 'Done.' }] },
    ],
  });
});
afterEach(async () => {
  await server.close();
  home.remove();
});

const ask = '{"name":"ask","tool_rules":[{"deny":["Bash"]}],"on_violation":"request_approval"}';

/** A run that waits for a word on its first call. */
async function waiting() {
  const bin = join(home.path, 'bin');
  mkdirSync(bin);
  symlinkSync(claudeProgram(), join(bin, 'claude'));
  writeFileSync(place.path('ask.json'), ask);
  const env = { ...claudeEnvironment(server, home), PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const asked = [
    'agent',
    'run',
    '--agent',
    'claude',
    '--store',
    url,
    '--policy',
    'ask.json',
    '--allow',
    'Bash',
  ];
  const child = place.start([...asked, '--', 'work'], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const done = ended(child);
  const [first] = await pending(1);
  return { child, done, first };
}

async function pending(count: number) {
  let found: z.infer<typeof pendingShape> = [];
  await expect
    .poll(
      async () => {
        const { code, stdout } = await place.runlog(['approvals', url, '--json']);
        found = code === 0 ? pendingShape.parse(JSON.parse(stdout)) : [];
        return found.length;
      },
      { timeout: 20_000 },
    )
    .toBe(count);
  return found;
}

const isThere = (name: string): boolean => existsSync(place.path(name));

test('begins no tool before another process has approved it, and each for itself', async () => {
  const { done, first } = await waiting();
  expect([first?.tool_call_id, isThere('one')]).toEqual(['toolu_1', false]);
  await place.runlog(['approve', url, first?.approval_id ?? '', '--by', 'jane']);
  await expect.poll(() => isThere('one'), { timeout: 10_000 }).toBe(true);
  const [second] = await pending(1);
  expect([second?.tool_call_id, isThere('two')]).toEqual(['toolu_2', false]);
  await place.runlog(['approve', url, second?.approval_id ?? '', '--by', 'jane']);
  expect(await done).toMatchObject({ code: 0, stdout: 'Done.\n' });
  expect(isThere('two')).toBe(true);
});

test('never begins what was denied', async () => {
  const { done, first } = await waiting();
  await place.runlog(['deny', url, first?.approval_id ?? '', '--by', 'jane']);
  expect((await done).code).toBe(1);
  expect([isThere('one'), isThere('two'), server.asked.length]).toEqual([false, false, 1]);
});

test('begins nothing when the process dies that holds it', async () => {
  const { child, done, first } = await waiting();
  child.kill('SIGKILL');
  await done;
  // What the program does with the answer of a hook that has lost its process takes it a moment.
  await server.untilAsked(2);
  await sleep(500);
  expect([isThere('one'), isThere('two')]).toEqual([false, false]);
  expect(JSON.stringify(server.asked[1]?.body.messages)).toContain('nobody has let this call begin');
  const next = await place.runlog(['sessions', url, '--json']);
  expect(next.stdout).toContain(first?.session_id);
});
