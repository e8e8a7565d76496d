// A program for the tests: gives one run to Claude Code and appends each event to a file, as a store would. It is killed in the middle.
import { appendFileSync } from 'node:fs';
import { claudeAgent } from '../../src/adapters/agents/claude/index.ts';
import { countingMint, newExecution, newSession } from '../../src/sessions/index.ts';
import { claudeProgram } from './claude-program.ts';

const [home = '', runId = '', file = '', ...variables] = process.argv.slice(2);
const mint = countingMint();
const session = newSession({ agentId: 'claude', id: 'ses_1' }, mint);
const run = newExecution({ sessionId: session.id, id: runId, input: 'say hi' }, mint);
const env = Object.fromEntries(
  variables.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
);

await claudeAgent({ command: claudeProgram(), cwd: home, env }).execute(run, session, {
  onEvent: (event) => appendFileSync(file, `${JSON.stringify(event)}\n`),
  allowedTools: ['Bash'],
});
