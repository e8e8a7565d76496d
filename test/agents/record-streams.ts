// Records what the real Claude Code program writes, for the tests of the parser: `node test/agents/record-streams.ts`. The server is
// on the loopback, the home is a scratch folder, and neither is in what is kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { openLocalAnthropic, type Reply } from '../harness/anthropic/local-anthropic.ts';
import type { AnswerBlock } from '../harness/anthropic/wire-message.ts';
import { claudeEnvironment, claudeProgram, scratchHome } from './claude-program.ts';

const folder = 'test/fixtures/claude';
const text = (said: string): AnswerBlock => ({ type: 'text', text: said });
const bash = (id: string, command: string): AnswerBlock => ({
  type: 'tool_use',
  id,
  name: 'Bash',
  input: { command, description: 'a command' },
});
const usage = {
  input_tokens: 100,
  output_tokens: 20,
  cache_read_input_tokens: 7,
  cache_creation_input_tokens: 3,
};
const busy: Reply = {
  status: 529,
  type: 'overloaded_error',
  message: 'Overloaded',
  headers: { 'retry-after': '0' },
};

interface Recording {
  readonly name: string;
  readonly replies: readonly Reply[];
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

const recordings: readonly Recording[] = [
  {
    name: 'tool-loop',
    args: ['--tools=Bash', '--allowedTools=Bash'],
    replies: [
      { content: [text('Let me look.'), bash('toolu_1', 'echo hello')], usage },
      { content: [text('It says hello, and nothing more.')], usage },
    ],
  },
  {
    name: 'failed-and-denied',
    args: ['--tools=Bash,Read', '--allowedTools=Bash'],
    replies: [
      {
        content: [
          bash('toolu_1', 'echo out; echo err >&2; exit 3'),
          { type: 'tool_use', id: 'toolu_2', name: 'Read', input: { file_path: '/nonexistent' } },
        ],
      },
      { content: [text('Neither worked.')] },
    ],
  },
  {
    name: 'retried',
    env: { CLAUDE_CODE_MAX_RETRIES: '2' },
    replies: [busy, { content: [text('At last.')] }],
  },
  { name: 'overloaded', replies: [busy, busy, busy] },
  {
    name: 'max-turns',
    args: ['--tools=Bash', '--allowedTools=Bash', '--max-turns=1'],
    replies: [{ content: [bash('toolu_1', 'echo 1')] }, { content: [bash('toolu_2', 'echo 2')] }],
  },
  { name: 'no-such-session', args: ['--resume=00000000-0000-4000-8000-000000000000'], replies: [] },
];

mkdirSync(folder, { recursive: true });
for (const { name, replies, args = [], env = {} } of recordings) {
  const home = scratchHome();
  await using server = await openLocalAnthropic({ replies });
  const child = spawn(
    claudeProgram(),
    ['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages', ...args],
    { cwd: home.path, env: { PATH: process.env['PATH'], ...claudeEnvironment(server, home), ...env } },
  );
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  child.stdin.end('say hi');
  await once(child, 'close');
  writeFileSync(`${folder}/${name}.jsonl`, said.replaceAll(home.path, '/home/agent'));
  console.log(name, 'exit', child.exitCode, said.split('\n').length, 'lines');
  home.remove();
}
