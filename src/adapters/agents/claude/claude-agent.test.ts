/** How the program is started, followed and ended, with scripts in its place. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  fakeProgram,
  isRunning,
  programMint,
  untilThere,
  type FakeProgram,
} from '../../../../test/harness/fake-program.ts';
import type { JsonValue } from '../../../base/index.ts';
import { type AgentCall, type AgentEvent, newExecution, newSession } from '../../../sessions/index.ts';
import { claudeAgent, type ClaudeAgentOptions } from './claude-agent.ts';

const mint = programMint();
const session = newSession({ agentId: 'a' }, mint);
const fixture = (name: string): string => resolve(`test/fixtures/claude/${name}.jsonl`);

let fake: FakeProgram | null = null;
afterEach(() => {
  fake?.[Symbol.dispose]();
  fake = null;
});

function setUp(script: string, options: ClaudeAgentOptions = {}, input: JsonValue = 'say hi') {
  fake = fakeProgram(script, 'claude');
  const { path, folder } = fake;
  const agent = claudeAgent({ command: path, cwd: folder, killAfterMs: 100, ...options });
  const run = newExecution({ sessionId: session.id, input }, mint);
  const told: AgentEvent[] = [];
  const execute = (call: Partial<AgentCall> = {}) =>
    agent.execute(run, session, { onEvent: (event) => void told.push(event), ...call });
  return {
    agent,
    run,
    told,
    execute,
    types: () => told.map(({ type }) => type),
    there: (name: string) => untilThere(join(folder, name)),
    file: (name: string) => readFileSync(join(folder, name), 'utf8'),
  };
}

describe('a run', () => {
  it('tells what the program says and then its end, and resolves with what came of it', async () => {
    const { execute, types, told } = setUp(`cat '${fixture('tool-loop')}'`);
    expect(await execute()).toMatchObject({
      output: { content: 'It says hello, and nothing more.', stop_reason: 'end_turn' },
      tokenUsage: { input_tokens: 200, output_tokens: 40 },
      costUsd: '0.0016328',
      model: 'claude-opus-5-5',
      turnCount: 2,
    });
    expect([types()[0], types().at(-1)]).toEqual(['run_started', 'run_completed']);
    expect(told.at(-1)?.data).toMatchObject({
      stop_reason: 'end_turn',
      num_turns: 2,
      total_cost_usd: 0.0016328,
    });
  });

  it('is stopped when it has used more tokens than it may, and asks for no longer answers', async () => {
    const { execute, types, file } = setUp(`env > variables; cat '${fixture('tool-loop')}'; sleep 60`, {
      env: { CLAUDE_CODE_MAX_OUTPUT_TOKENS: '9000' },
    });
    await expect(execute({ maxTokens: 140 })).rejects.toMatchObject({
      code: 'policy_violation',
      context: { metric: 'total_tokens', limit: 140 },
    });
    expect(types().filter((type) => type === 'turn_completed')).toHaveLength(2);
    expect(file('variables')).toContain('CLAUDE_CODE_MAX_OUTPUT_TOKENS=140\n');
  });

  it('names in its end what was not allowed', async () => {
    const { execute, told } = setUp(`cat '${fixture('failed-and-denied')}'`);
    await execute();
    expect(told.at(-1)?.data['permission_denials']).toMatchObject([{ tool_name: 'Read' }]);
  });

  it('gives the program its prompt, its options and an environment without secrets of others', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'hidden';
    const { execute, file } = setUp(
      `cat > prompt; printf '%s\\n' "$@" > options; env > variables; cat '${fixture('tool-loop')}'`,
      { env: { GIVEN: 'yes' }, model: 'claude-haiku-5-5' },
      { messages: [{ role: 'user', content: '--help' }] },
    );
    await execute({
      allowedTools: ['Bash(git *)', 'Read'],
      deniedTools: ['WebFetch'],
      resumeFrom: 'a-session',
      settings: { permission_mode: 'plan', max_turns: 3, system_prompt: '-x' },
    });
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    expect(file('prompt')).toBe('--help');
    expect(file('options').trim().split('\n')).toEqual([
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--include-partial-messages',
      '--model=claude-haiku-5-5',
      '--permission-mode=plan',
      '--max-turns=3',
      '--system-prompt=-x',
      '--resume=a-session',
      '--tools=Bash,Read',
      '--allowedTools=Bash(git *),Read',
      '--disallowedTools=WebFetch',
    ]);
    expect(file('variables')).toContain('GIVEN=yes');
    expect(file('variables')).not.toContain('hidden');
  });

  it('tells the program what was said before', async () => {
    const { execute, file } = setUp(`cat > prompt; cat '${fixture('tool-loop')}'`);
    await execute({
      transcript: [
        { role: 'user', content: 'list files' },
        {
          role: 'assistant',
          content: null,
          toolName: 'Bash',
          toolCallId: 't1',
          toolInput: { command: 'ls' },
        },
        { role: 'tool', content: null, toolCallId: 't1', toolOutput: 'a.txt' },
      ],
    });
    expect(file('prompt')).toBe(
      'This was said before:\n\nuser: list files\nassistant: tool_call(t1): Bash {"command":"ls"}\n' +
        'tool_result(t1): "a.txt"\n\nGo on with this:\n\nsay hi',
    );
  });

  it('waits until an event is taken before it tells the next', async () => {
    const { agent, run } = setUp(`cat '${fixture('tool-loop')}'`);
    let open = 0;
    let most = 0;
    await agent.execute(run, session, {
      onEvent: async () => {
        most = Math.max(most, (open += 1));
        await new Promise((done) => setImmediate(done));
        open -= 1;
      },
    });
    expect(most).toBe(1);
  });
});

describe('a run that fails', () => {
  it('tells what the program says of the vendor', async () => {
    const { execute, types } = setUp(`cat '${fixture('overloaded')}'; exit 1`);
    await expect(execute()).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(types()).toEqual(['run_started']);
  });

  it('has the exit code and the error output when the program says nothing else', async () => {
    const { execute } = setUp('echo "unknown option" >&2; echo garbage; exit 3');
    await expect(execute()).rejects.toMatchObject({
      code: 'provider_error',
      context: {
        unreadable_line: 'garbage',
        provider_error: { kind: 'transport_exit', message: 'unknown option', exit_code: 3 },
      },
    });
  });

  it('shows the lines with which a program that cannot begin says how to help it', async () => {
    const { execute } = setUp('echo "Error: not installed." >&2; echo "Run: node install.cjs" >&2; exit 1');
    await expect(execute()).rejects.toMatchObject({
      summary: 'Error: not installed.',
      whatFailed:
        'Claude Code ended without a result, and wrote: Error: not installed. | Run: node install.cjs',
    });
  });

  it('keeps a bounded part of a flood of errors', async () => {
    const { execute } = setUp('head -c 3000000 /dev/zero | tr "\\0" e >&2; exit 1');
    const error: unknown = await execute().catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({
      context: { provider_error: { truncated: true, stderr: 'e'.repeat(16_384) } },
    });
  });

  it('names the program that is not there', async () => {
    const { execute } = setUp('exit 0', { command: '/no/such/claude' });
    await expect(execute()).rejects.toMatchObject({
      code: 'command_not_found',
      context: { provider_error: { kind: 'cli_not_found' } },
    });
  });

  it('names a folder that is not there, a setting that is not known, and an input that says nothing', async () => {
    const { agent, execute, run } = setUp('exit 0');
    await expect(execute({ settings: { cwd: '/no/such' } })).rejects.toMatchObject({
      code: 'validation_error',
    });
    await expect(agent.validateConfig({ sandbox: true })).rejects.toMatchObject({
      context: { field: 'sandbox' },
    });
    await expect(agent.validateConfig({ max_turns: 0 })).rejects.toMatchObject({
      context: { field: 'max_turns' },
    });
    await expect(agent.validateConfig({ max_turns: 2, model: 'opus' })).resolves.toBeUndefined();
    await expect(agent.execute({ ...run, input: ' ' }, session, { onEvent: () => {} })).rejects.toMatchObject(
      {
        code: 'invalid_input',
      },
    );
  });

  it('leaves out a line that is too long, and says so', async () => {
    const { execute, told } = setUp(
      `head -c 300000 /dev/zero | tr "\\0" x; echo; cat '${fixture('tool-loop')}'`,
      { maxLineBytes: 100_000 },
    );
    await execute();
    expect(told[0]).toMatchObject({ type: 'error_occurred', data: { error_code: 'provider_error' } });
    expect(told[1]?.type).toBe('run_started');
  });
});

describe('a run that is stopped', () => {
  const deaf = `head -n 1 '${fixture('tool-loop')}'; trap '' TERM; sleep 600 & echo $! > child; touch ready; wait; wait`;

  it('ends as cancelled, with all that it started, also when it does not listen', async () => {
    const { agent, run, execute, there, file } = setUp(deaf);
    const ended = expect(execute()).rejects.toMatchObject({ code: 'cancelled' });
    await there('ready');
    await agent.cancel(run.id);
    expect(isRunning(Number(file('child')))).toBe(false);
    await ended;
    await expect(agent.cancel(run.id)).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('ends by the signal of the caller, and by closing the agent', async () => {
    const first = setUp(deaf);
    const stop = new AbortController();
    const ended = expect(first.execute({ signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await first.there('ready');
    stop.abort();
    await ended;
    fake?.[Symbol.dispose]();
    const second = setUp(deaf);
    const closed = expect(second.execute()).rejects.toMatchObject({ code: 'cancelled' });
    await second.there('ready');
    await second.agent.close();
    await closed;
    await second.agent.close();
  });

  it('is not started when it is cancelled already', async () => {
    const { execute, there } = setUp('touch started');
    await expect(execute({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(Promise.race([there('started'), Promise.resolve('not started')])).resolves.toBe(
      'not started',
    );
  });

  it('ends when its time is over, and what was told stays told', async () => {
    const { execute, types } = setUp(deaf);
    await expect(execute({ timeoutMs: 300 })).rejects.toMatchObject({
      code: 'provider_timeout',
      context: { timeout_ms: 300, provider_error: { kind: 'timeout' } },
    });
    expect(types()).toEqual(['run_started']);
  });

  it('ends when its events are not taken, with that error', async () => {
    const { agent, run, there } = setUp(deaf);
    const refusal = new Error('the store is gone');
    const ended = agent.execute(run, session, {
      onEvent: async () => {
        await there('ready');
        throw refusal;
      },
    });
    await expect(ended).rejects.toBe(refusal);
  });

  it('is one run: the same again is refused while it is under way', async () => {
    const { agent, execute, there } = setUp(deaf);
    const ended = expect(execute()).rejects.toMatchObject({ code: 'cancelled' });
    await there('ready');
    await expect(execute()).rejects.toMatchObject({ code: 'invalid_operation' });
    await agent.close();
    await ended;
  });

  it('leaves nothing of a run whose process died', async () => {
    const { agent, run, execute, there, file } = setUp(deaf);
    const ended = expect(execute()).rejects.toMatchObject({
      code: 'provider_error',
      context: { signal: 'SIGKILL' },
    });
    await there('ready');
    expect(await claudeAgent({ killAfterMs: 50 }).endLeftovers(run.id)).toBeGreaterThan(1);
    expect(isRunning(Number(file('child')))).toBe(false);
    await ended;
    await agent.close();
  });
});

describe('the version', () => {
  it('is what the program says', async () => {
    const { agent } = setUp('echo "2.1.329 (Claude Code)"');
    expect(await agent.version()).toBe('2.1.329');
  });

  it('is not made up', async () => {
    const { agent } = setUp('echo "who knows"');
    await expect(agent.version()).rejects.toMatchObject({ code: 'provider_error' });
  });
});
