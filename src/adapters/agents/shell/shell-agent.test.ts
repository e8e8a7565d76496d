import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
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
import { commandWords } from './command-words.ts';
import { shellAgent, type ShellAgentOptions } from './shell-agent.ts';

const mint = programMint();
const session = newSession({ agentId: 'a' }, mint);

let fake: FakeProgram | null = null;
afterEach(() => {
  fake?.[Symbol.dispose]();
  fake = null;
});

/** In a folder with a program called `ls` that nobody means. */
function setUp(input: JsonValue, options: ShellAgentOptions = {}) {
  fake = fakeProgram('echo evil', 'ls');
  const { folder } = fake;
  const agent = shellAgent({ cwd: folder, killAfterMs: 100, ...options });
  const run = newExecution({ sessionId: session.id, input }, mint);
  const told: AgentEvent[] = [];
  const execute = (call: Partial<AgentCall> = {}) =>
    agent.execute(run, session, { onEvent: (event) => void told.push(event), ...call });
  const types = () => told.map(({ type }) => type);
  return {
    agent,
    run,
    told,
    types,
    execute,
    folder,
    there: (name: string) => untilThere(join(folder, name)),
  };
}

describe('a command that somebody has to allow', () => {
  const held = (told: string[], word: Promise<void>) => async (event: AgentEvent) => {
    told.push(event.type);
    if (event.type === 'tool_call_started') await word;
  };

  it('is not started before its call is taken, and its time begins then', async () => {
    const { agent, execute, folder } = setUp('echo done > made', { timeoutMs: 2_000 });
    const names = (await agent.capabilities()).map(({ name }) => name);
    expect(names).toContain('waits_before_tools');
    const told: string[] = [];
    const word = Promise.withResolvers<void>();
    const running = execute({ onEvent: held(told, word.promise) });
    await expect.poll(() => told).toEqual(['run_started', 'tool_call_started']);
    expect(existsSync(join(folder, 'made'))).toBe(false);
    word.resolve();
    await running;
    expect(existsSync(join(folder, 'made'))).toBe(true);
  });

  it('is never started when it is refused, or cancelled meanwhile', async () => {
    const { agent, run, execute, folder } = setUp('echo done > made');
    const no = new Error('no');
    await expect(execute({ onEvent: held([], Promise.reject(no)) })).rejects.toBe(no);
    const word = Promise.withResolvers<void>();
    const told: string[] = [];
    const running = execute({ onEvent: held(told, word.promise) });
    const failed = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => told).toContain('tool_call_started');
    const cancelling = agent.cancel(run.id);
    word.resolve();
    await Promise.all([failed, cancelling]);
    expect(existsSync(join(folder, 'made'))).toBe(false);
    // A command that is started and then stopped fails as a call.
    expect(told).toEqual(['run_started', 'tool_call_started']);
  });

  it('that cannot be started has failed as a call too', async () => {
    const { execute, types } = setUp({ command: 'no-such-command-anywhere' });
    await expect(execute()).rejects.toMatchObject({ code: 'command_not_found' });
    expect(types()).toEqual(['run_started', 'tool_call_started', 'tool_call_failed']);
  });
});

describe('a command', () => {
  it('is told from its beginning to its end', async () => {
    const { execute, told, types, folder } = setUp('echo hello; echo more >&2');
    expect(await execute()).toMatchObject({ output: { exit_code: 0, stop_reason: 'exit_code_0' } });
    expect(types().filter((type) => type !== 'message_streamed')).toEqual([
      'run_started',
      'tool_call_started',
      'tool_call_completed',
      'message_received',
      'run_completed',
    ]);
    expect(told[0]?.data).toEqual({ cwd: folder, command: 'echo hello; echo more >&2' });
    const texts = told.flatMap(({ type, data: { delta } }) =>
      type === 'message_streamed' && typeof delta === 'string' ? [delta] : [],
    );
    const streamed = texts.join('');
    const received = told.find(({ type }) => type === 'message_received')?.data;
    expect(received).toEqual({ content: streamed, role: 'tool' });
    expect(streamed.split('\n').toSorted()).toEqual(['', 'hello', 'more']);
  });

  it('that ends with another exit code has failed, and its output is told', async () => {
    const { execute, told, types } = setUp('echo half; exit 3');
    await expect(execute()).rejects.toMatchObject({
      code: 'command_failed',
      context: { exit_code: 3, output: 'half\n', provider_error: { provider: 'shell', exit_code: 3 } },
    });
    expect(types()).not.toContain('run_completed');
    expect(told.at(-1)).toMatchObject({
      type: 'tool_call_failed',
      data: { is_error: true, tool_output: { output: 'half\n', exit_code: 3 } },
    });
  });

  it('may have other exit codes for a success', async () => {
    const { execute } = setUp('exit 3', { successExitCodes: [0, 3] });
    expect(await execute()).toMatchObject({ output: { exit_code: 3 } });
  });

  it('with its arguments sees them as they are', async () => {
    const { execute } = setUp({ command: 'printf', args: ['%s|', 'a b', '$HOME', '; echo evil'] });
    expect(await execute()).toMatchObject({ output: { content: 'a b|$HOME|; echo evil|' } });
  });

  it('sees no variable of this process but a few', async () => {
    process.env['RUNLOG_TEST_SECRET'] = 'hidden';
    const { execute } = setUp({ command: 'env', env: { GIVEN: 'yes' } });
    const { output } = await execute();
    delete process.env['RUNLOG_TEST_SECRET'];
    expect(output['content']).toContain('GIVEN=yes');
    expect(output['content']).not.toContain('hidden');
  });

  it('that says more than is kept is cut at a whole character, and read to its end', async () => {
    const { execute } = setUp("printf 'a€€'; head -c 500000 /dev/zero", { maxOutputBytes: 6 });
    expect((await execute()).output).toMatchObject({ content: 'a€', truncated: true });
  });
});

describe('a command that is stopped', () => {
  const long = 'echo begun; sleep 600 & echo $! > child.new; mv child.new child; wait';

  it('by its time keeps what it said, and leaves nothing running', async () => {
    // Long enough for a shell to start on a machine that has much to do: what it said until then is what is looked at.
    const { execute, told, folder } = setUp(long, { timeoutMs: 2000 });
    await expect(execute()).rejects.toMatchObject({
      code: 'command_timeout',
      context: { output: 'begun\n', timeout_ms: 2000 },
    });
    expect(told.at(-1)).toMatchObject({
      type: 'tool_call_failed',
      data: { tool_output: { output: 'begun\n' } },
    });
    expect(isRunning(Number(readFileSync(join(folder, 'child'), 'utf8')))).toBe(false);
  });

  it('has the shorter of two times', async () => {
    const { execute } = setUp(long, { timeoutMs: 60_000 });
    await expect(execute({ timeoutMs: 200 })).rejects.toMatchObject({ context: { timeout_ms: 200 } });
  });

  it('by cancelling leaves nothing running', async () => {
    const { agent, run, execute, there, folder } = setUp(long);
    const ended = expect(execute()).rejects.toMatchObject({ code: 'cancelled' });
    await there('child');
    await agent.cancel(run.id);
    await ended;
    expect(isRunning(Number(readFileSync(join(folder, 'child'), 'utf8')))).toBe(false);
    await expect(agent.cancel(run.id)).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('because its events are not taken ends with that error', async () => {
    const { agent, run } = setUp(long);
    const refusal = new Error('the store is gone');
    const onEvent: AgentCall['onEvent'] = ({ type }) => {
      if (type === 'message_streamed') throw refusal;
    };
    await expect(agent.execute(run, session, { onEvent })).rejects.toBe(refusal);
  });

  it('by closing the agent', async () => {
    const { agent, execute, there } = setUp(long);
    const ended = expect(execute()).rejects.toMatchObject({ code: 'cancelled' });
    await there('child');
    await agent.close();
    await ended;
  });
});

describe('the list of what is allowed', () => {
  const only = { allowedCommands: ['echo', 'ls'] };

  it.each([
    'echo a; touch pwned',
    'echo $(touch pwned)',
    'echo `touch pwned`',
    'echo a\ntouch pwned',
    'echo a\r\ntouch pwned',
    'echo a && touch pwned',
    'echo a || touch pwned',
    'echo a | touch pwned',
    'echo a & touch pwned',
    'echo "$(touch pwned)"',
    'echo "`touch pwned`"',
    'echo a > pwned',
    'echo <(touch pwned)',
    'echo ${x:-`touch pwned`}',
    '{ touch pwned; }',
    'PATH=. ls',
    'touch pwned',
    '"touch" pwned',
    "to'uc'h pwned",
    '\\touch pwned',
    './ls',
    '/tmp/../bin/touch pwned',
    '/usr/bin/../bin/echo a',
    '/bin/echo a',
    "echo 'a",
    '~/ls',
    '!touch',
  ])('is not passed by %j', async (line) => {
    const { execute, told, folder } = setUp(line, only);
    await expect(execute()).rejects.toMatchObject({ code: 'policy_violation' });
    expect(told).toEqual([]);
    expect(() => readFileSync(join(folder, 'pwned'))).toThrow('ENOENT');
  });

  it.each<[string, JsonValue]>([
    ['another command', { command: 'touch', args: ['pwned'] }],
    ['the path of a program of an allowed name', { command: './ls' }],
    ['the whole path of one', { command: '/bin/echo' }],
    ['a search path of its own', { command: 'ls', env: { PATH: '.' } }],
    ['a library that is loaded first', { command: 'ls', env: { LD_PRELOAD: './evil.so' } }],
    ['a line in the place of a name', { command: 'echo a; touch pwned' }],
  ])('is not passed by %s', async (_name, input) => {
    const { execute, told } = setUp(input, only);
    await expect(execute()).rejects.toMatchObject({ code: 'policy_violation' });
    expect(told).toEqual([]);
  });

  it('means the program of the search path, not one that lies in the folder', async () => {
    const path = ['', '.', process.env['PATH'] ?? ''].join(delimiter);
    const { execute } = setUp('ls', { ...only, env: { PATH: path } });
    expect((await execute()).output['content']).toBe('ls\n');
  });

  it('lets a line through whose words need no shell', async () => {
    const { execute } = setUp(`echo 'a; b' "c | d" e=f --x`, only);
    expect((await execute()).output['content']).toBe('a; b c | d e=f --x\n');
  });

  it('may name a whole path', async () => {
    const { execute } = setUp({ command: '/bin/echo', args: ['yes'] }, { allowedCommands: ['/bin/echo'] });
    expect((await execute()).output['content']).toBe('yes\n');
  });

  it('says that a command of it is not there', async () => {
    const { execute } = setUp('no-such-thing', { allowedCommands: ['no-such-thing'] });
    await expect(execute()).rejects.toMatchObject({ code: 'command_not_found' });
  });
});

describe('the list of what is denied', () => {
  it('goes before what is allowed', async () => {
    const { execute } = setUp('echo a', { allowedCommands: ['echo'], deniedCommands: ['echo'] });
    await expect(execute()).rejects.toMatchObject({ code: 'policy_violation' });
  });

  it('is not passed by a path or a link', async () => {
    const { folder } = setUp('x');
    mkdirSync(join(folder, 'sub'));
    const link = join(folder, 'sub', 'harmless');
    symlinkSync('/bin/echo', link);
    for (const command of ['/bin/echo', link]) {
      const { execute } = setUp({ command, args: ['a'] }, { deniedCommands: ['echo', 'coreutils'] });
      await expect(execute()).rejects.toMatchObject({ code: 'policy_violation' });
    }
  });
});

describe('what a command has no part in', () => {
  it('is refused before anything runs', async () => {
    const { agent, execute, told } = setUp('echo a');
    await expect(execute({ resumeFrom: 's' })).rejects.toMatchObject({ code: 'capability_not_supported' });
    await expect(execute({ allowedTools: ['Read'] })).rejects.toMatchObject({
      code: 'tool_permission_denied',
    });
    await expect(execute({ deniedTools: ['bash'] })).rejects.toMatchObject({
      code: 'tool_permission_denied',
    });
    await expect(execute({ settings: { cwd: '/no/such' } })).rejects.toMatchObject({
      code: 'validation_error',
    });
    await expect(agent.validateConfig({ model: 'x' })).rejects.toMatchObject({ code: 'validation_error' });
    await expect(execute({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(told).toEqual([]);
  });

  it.each<[JsonValue]>([[''], [7], [{ command: 'ls', args: 'x' }], [{ command: 'ls', env: { A: 1 } }]])(
    'an input such as %j',
    async (input) => {
      const { execute } = setUp(input);
      await expect(execute()).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );
});

describe('words', () => {
  it.each<[string, readonly string[]]>([
    ['a  b\tc', ['a', 'b', 'c']],
    [`'a b'c "d"`, ['a bc', 'd']],
    [`a '' ""`, ['a', '', '']],
    ['a~b c#d', ['a~b', 'c#d']],
    ['', []],
  ])('of %j', (line, words) => {
    expect(commandWords(line)).toEqual({ words });
  });
});
