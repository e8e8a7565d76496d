/** What the real program wrote (see test/agents/record-streams.ts), read. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claudeFailure } from './claude-failure.ts';
import { ClaudeStream } from './claude-stream.ts';

const fixture = (name: string): readonly string[] =>
  readFileSync(`test/fixtures/claude/${name}.jsonl`, 'utf8').split('\n');

function readAll(lines: readonly string[]) {
  const stream = new ClaudeStream();
  const events = lines.flatMap((line) => stream.read(line));
  return { stream, events, types: events.map(({ type }) => type) };
}

const fine = { exitCode: 0, signal: null };
const one = { exitCode: 1, signal: null };
const silent = { text: '', isCut: false };

describe('a run with a tool', () => {
  const { stream, events, types } = readAll(fixture('tool-loop'));

  it('is told in the order in which it happened', () => {
    expect(types).toEqual([
      'run_started',
      'message_streamed',
      'message_received',
      'tool_call_started',
      'turn_completed',
      'token_usage_updated',
      'tool_call_completed',
      'message_streamed',
      'message_streamed',
      'message_streamed',
      'message_received',
      'turn_completed',
      'token_usage_updated',
    ]);
  });

  it('names the session, the model and the tools at its beginning', () => {
    expect(events[0]?.data).toMatchObject({
      session_id: stream.sessionId,
      model: 'claude-opus-5-5',
      cwd: '/home/agent',
      tools: ['Bash'],
    });
    expect(stream.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has the output of the tool beside its input', () => {
    expect(events[6]?.data).toEqual({
      tool_call_id: 'toolu_1',
      tool_name: 'Bash',
      tool_input: { command: 'echo hello', description: 'a command' },
      tool_output: 'hello',
    });
  });

  it('streams the text that is then received, once', () => {
    const texts = (type: string, key: string): readonly unknown[] =>
      events.filter((event) => event.type === type).map(({ data }) => data[key]);
    expect(texts('message_received', 'content')).toEqual([
      'Let me look.',
      'It says hello, and nothing more.',
    ]);
    expect(texts('message_streamed', 'delta')).toEqual([
      'Let me look.',
      'It says hell',
      'o, and nothi',
      'ng more.',
    ]);
  });

  it('counts each turn, and tells of each what it used', () => {
    const turn = { input_tokens: 100, output_tokens: 20, cache_read_tokens: 7, cache_creation_tokens: 3 };
    expect(events.filter(({ type }) => type === 'turn_completed').map(({ data }) => data)).toEqual([
      { turn: 1, ...turn },
      { turn: 2, ...turn },
    ]);
    expect(events.filter(({ type }) => type === 'token_usage_updated').map(({ data }) => data)).toEqual([
      turn,
      turn,
    ]);
    expect(stream.usage).toMatchObject({ input_tokens: 200, output_tokens: 40 });
  });

  it('came to a good end', () => {
    expect(claudeFailure(stream, fine, silent)).toBeNull();
  });

  it('did not when the program then ended with another exit code', () => {
    expect(claudeFailure(stream, one, { text: 'disk full\nreally', isCut: false })).toMatchObject({
      code: 'provider_error',
      context: {
        provider_error: {
          provider: 'claude',
          kind: 'transport_exit',
          message: 'disk full',
          exit_code: 1,
          stderr: 'disk full\nreally',
        },
      },
    });
  });
});

describe('tools that fail', () => {
  const { stream, events } = readAll(fixture('failed-and-denied'));
  const failed = events.filter(({ type }) => type === 'tool_call_failed').map(({ data }) => data);

  it('are told with what they said', () => {
    expect(failed[0]).toMatchObject({
      tool_call_id: 'toolu_1',
      tool_name: 'Bash',
      tool_output: 'Exit code 3\nout\nerr',
      is_error: true,
    });
  });

  it('are told when they were not allowed, and the end of the run names them', () => {
    expect(failed[1]).toMatchObject({ tool_call_id: 'toolu_2', tool_name: 'Read', is_error: true });
    expect(stream.result?.['permission_denials']).toMatchObject([
      { tool_name: 'Read', tool_use_id: 'toolu_2' },
    ]);
    expect(events.some(({ type }) => type === 'tool_call_completed')).toBe(false);
  });
});

describe('trouble with the vendor', () => {
  it('is told when it comes and when it is over', () => {
    const { stream, events, types } = readAll(fixture('retried'));
    expect(types.slice(0, 4)).toEqual([
      'run_started',
      'error_occurred',
      'error_recovered',
      'message_streamed',
    ]);
    expect(events[1]?.data).toMatchObject({
      error_code: 'provider_unavailable',
      details: { attempt: 1, max_retries: 2, status: 529 },
    });
    expect(claudeFailure(stream, fine, silent)).toBeNull();
  });

  it('that does not end is the failure of the run, and no message of a model', () => {
    const { stream, types } = readAll(fixture('overloaded'));
    expect(types).toEqual(['run_started']);
    expect(claudeFailure(stream, one, silent)).toMatchObject({
      code: 'provider_unavailable',
      context: { status: 529, provider_error: { kind: 'api_error', exit_code: 1 } },
    });
    expect(claudeFailure(stream, one, silent)?.summary).toContain('529 Overloaded');
  });
});

describe('a run that is not finished', () => {
  it('fails when its turns are used up', () => {
    const { stream } = readAll(fixture('max-turns'));
    expect(claudeFailure(stream, one, silent)).toMatchObject({
      code: 'provider_error',
      summary: 'Reached maximum number of turns (1)',
      context: { provider_error: { kind: 'max_turns' } },
    });
  });

  it('fails when the session that it was to go on with is not there', () => {
    const { stream } = readAll(fixture('no-such-session'));
    expect(claudeFailure(stream, one, silent)).toMatchObject({
      summary: 'No conversation found with session ID: 00000000-0000-4000-8000-000000000000',
      context: { provider_error: { kind: 'error_during_execution' } },
    });
  });

  it('fails when its lines end without a result, also with exit code 0', () => {
    const { stream } = readAll(fixture('tool-loop').slice(0, 8));
    expect(claudeFailure(stream, fine, silent)).toMatchObject({
      context: { provider_error: { kind: 'protocol_error', exit_code: 0 } },
    });
  });
});

describe('lines that are not understood', () => {
  it('change nothing, wherever they stand', () => {
    const odd = [
      'Warning: something',
      '{"type":"a_new_kind","data":1}',
      '[]',
      'null',
      '{"type":"assistant"}',
      '{"type":"user","message":{"content":"text"}}',
      '{"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":"many"}}}',
      '{"type":"assistant","message":{"content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use"}]}}',
      '{"type":"system","subtype":"init","session_id":7',
    ];
    const lines = fixture('tool-loop').flatMap((line) => [line, ...odd]);
    expect(readAll(lines).events).toEqual(readAll(fixture('tool-loop')).events);
  });

  it('are named when the run fails', () => {
    const { stream } = readAll(['Segmentation fault', 'core dumped']);
    expect(stream.unreadableCount).toBe(2);
    expect(claudeFailure(stream, one, silent)).toMatchObject({
      context: { unreadable_line: 'Segmentation fault' },
    });
  });
});

describe('an older program', () => {
  it('that does not stream is counted at its end', () => {
    const lines = fixture('tool-loop').filter((line) => !line.includes('"stream_event"'));
    const { events, types } = readAll(lines);
    expect(types.filter((type) => type === 'message_received')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({
      type: 'token_usage_updated',
      data: { input_tokens: 200, output_tokens: 40 },
    });
  });
});

describe('a helper of the agent', () => {
  it('is told as part of the call that started it, and counts no turn', () => {
    const helper = '"parent_tool_use_id":"toolu_7"';
    const lines = fixture('tool-loop').map((line) => line.replace('"parent_tool_use_id":null', helper));
    const { stream, events, types } = readAll(lines);
    expect(events.find(({ type }) => type === 'tool_call_started')?.metadata).toEqual({
      parent_tool_call_id: 'toolu_7',
    });
    expect(types).not.toContain('turn_completed');
    expect(stream.lastText).toBe('');
  });
});

describe('a line that cannot be kept', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  it.each([
    ['100,000 levels', `{"type":"user","message":{"content":[{"type":"tool_result","content":${deep}}]}}`],
    ['a number that JSON does not have', '{"type":"result","total_cost_usd":1e400}'],
  ])('such as %s is told to be left out', (_name, line) => {
    const { stream, events } = readAll([line]);
    expect(events).toMatchObject([{ type: 'error_occurred', data: { error_code: 'provider_error' } }]);
    expect(stream.unreadableCount).toBe(1);
  });
});
