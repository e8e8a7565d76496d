import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentEvent, SessionEventType } from '../../../sessions/index.ts';
import { rememberedIn } from './claude-memory.ts';

const home = mkdtempSync(join(tmpdir(), 'runlog-memory-'));
const line = (role: string, content: unknown): string =>
  JSON.stringify({ type: role, message: { role, content } });

beforeAll(() => {
  const folder = join(home, '.claude', 'projects', '-work');
  mkdirSync(folder, { recursive: true });
  const lines = [
    '{"type":"summary"}',
    line('user', 'This was asked.'),
    line('assistant', [
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} },
    ]),
    line('user', [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }]),
    '{"type":"assis',
  ];
  writeFileSync(join(folder, 'own.jsonl'), lines.join('\n'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const event = (type: SessionEventType, data: AgentEvent['data']): AgentEvent => ({ type, data });
const remembers = (told: AgentEvent, session = 'own', env = { HOME: home }): Promise<boolean> =>
  rememberedIn(env, session, told);

describe('what the program has written down', () => {
  it.each([
    ['message_sent', { content: 'This was asked.' }],
    ['message_received', { content: 'Let me look.' }],
    ['tool_call_started', { tool_call_id: 'toolu_1' }],
    ['tool_call_completed', { tool_call_id: 'toolu_1' }],
    ['tool_call_failed', { tool_call_id: 'toolu_1' }],
  ] as const)('is found: %s', async (type, data) => {
    expect(await remembers(event(type, data))).toBe(true);
  });

  it.each([
    ['message_sent', { content: 'Let me look.' }],
    ['message_received', { content: 'Let me' }],
    ['message_received', { content: 'This was asked.' }],
    ['tool_call_started', { tool_call_id: 'toolu_2' }],
    ['tool_call_completed', { tool_call_id: 'toolu_2' }],
    ['run_started', {}],
  ] as const)('is not taken for something else: %s %o', async (type, data) => {
    expect(await remembers(event(type, data))).toBe(false);
  });

  it('is not known of a session that is not there, and in another home', async () => {
    const told = event('message_received', { content: 'Let me look.' });
    expect(await remembers(told, 'other')).toBe(false);
    expect(await remembers(told, 'own', { HOME: join(home, 'nowhere') })).toBe(false);
    const chosen = { HOME: '/nowhere', CLAUDE_CONFIG_DIR: join(home, '.claude') };
    expect(await rememberedIn(chosen, 'own', told)).toBe(true);
  });
});
