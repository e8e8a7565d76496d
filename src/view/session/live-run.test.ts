import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/index.ts';
import { LiveRunText } from './live-run.ts';

type Told = readonly [type: string, data: JsonObject];

function shown(events: readonly Told[], columns = 80): string {
  const text = new LiveRunText({ columns });
  return events.map(([type, data]) => text.next({ type, data })).join('') + text.end();
}

const say = (delta: string): Told => ['message_streamed', { delta, content: delta }];
const call = (id: string, input: JsonObject = { command: 'ls -la' }): Told => [
  'tool_call_started',
  { tool_call_id: id, tool_name: 'Bash', tool_input: input },
];
const answer = (id: string, output: string, type = 'tool_call_completed'): Told => [
  type,
  { tool_call_id: id, tool_name: 'Bash', tool_output: output },
];

describe('an agent that is watched', () => {
  it('is heard piece by piece, and its whole message is not said again', () => {
    const whole: Told = ['message_received', { role: 'assistant', content: 'Hello there.' }];
    expect(shown([say('Hello '), say('there.'), whole])).toBe('Hello there.\n');
    expect(shown([whole])).toBe('Hello there.\n');
    expect(shown([say('one'), whole, whole])).toBe('one\nHello there.\n');
  });

  it('uses a tool in one line', () => {
    expect(shown([say('Look:'), call('t1'), answer('t1', 'a.txt\nb.txt\n'), say('Two.')])).toBe(
      'Look:\n> Bash ls -la -> a.txt (and 1 more lines)\nTwo.\n',
    );
    expect(shown([call('t1'), answer('t1', 'no such file', 'tool_call_failed')])).toBe(
      '> Bash ls -la -> failed: no such file\n',
    );
  });

  it('uses two tools at once in lines of their own', () => {
    expect(shown([call('t1'), call('t2', { file_path: '/a' }), answer('t1', 'x'), answer('t2', 'y')])).toBe(
      '> Bash ls -la\n> Bash /a\n  Bash -> x\n  Bash -> y\n',
    );
  });

  it('fills no more than the width of the terminal with a call', () => {
    const text = shown([call('t1', { command: 'x'.repeat(500) }), answer('t1', 'y'.repeat(500))], 60);
    expect(text.split('\n').map(({ length }) => length <= 60)).toEqual([true, true]);
    expect(text).toContain('x… -> y');
  });

  it('cannot steer the terminal, whatever it says, calls or answers, and however it is cut', () => {
    const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\r';
    const text = shown([
      ...hostile.split('').map(say),
      ['message_received', { content: hostile, role: 'assistant' }],
      ['message_received', { content: hostile, role: 'assistant' }],
      ['tool_call_started', { tool_call_id: hostile, tool_name: hostile, tool_input: { command: hostile } }],
      ['tool_call_completed', { tool_call_id: hostile, tool_output: hostile }],
      [
        'tool_call_failed',
        { tool_call_id: 'other', tool_name: hostile, tool_output: { [hostile]: hostile } },
      ],
      ['tool_approval_requested', { tool_name: hostile }],
      ['error_occurred', { error_message: hostile }],
    ]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(text).toContain('owned');
  });

  it('says a character whole that came in two pieces, and shows half of one as what it is', () => {
    expect(shown([say('\ud83d'), say('\ude00!')])).toBe('\u{1f600}!\n');
    expect(shown([say('\ud83d')])).toBe('\\ud83d\n');
  });
});
