/** Proves what a person is told of a run whose process is gone: that nobody works on it, and what works next in its session. */
import { expect, test } from 'vitest';
import type { Session, TranscriptMessage } from '../../sessions/index.ts';
import { conversationText, sessionPartsJson } from './conversation-text.ts';
import type { ShownExecution } from './session-fields.ts';

const at = '2026-11-21T10:00:00Z';
const session: Session = {
  ...{ id: 'ses_1', agentId: 'claude', status: 'active', parentSessionId: null, metadata: {}, context: {} },
  ...{ tags: [], createdAt: at, updatedAt: at, deletedAt: null, version: 1 },
};
const run: ShownExecution = {
  ...{ id: 'run_1', sessionId: 'ses_1', status: 'running', input: 'go', output: null, error: null },
  ...{ metadata: {}, turnCount: 0, tokenUsage: {}, costUsd: null, startedAt: at, endedAt: null },
  ...{ provider: null, providerMetadata: {}, version: null, isInterrupted: true, continuation: null },
  leftoverPids: [],
};
const names = { url: 'sqlite:///a b.db', program: 'npx runlog' };

function told(own: Partial<Session>, isInterrupted = true): string {
  const runs = [{ ...run, isInterrupted }];
  return conversationText({ session: { ...session, ...own }, runs, messages: [] }, { names }).join('\n');
}

const program =
  "In a program, `manager.resumeRun('run_1', { continuation: 'auto' })` goes on with it, and `manager.recover('ses_1')` ends it as failed.";

test.each([
  [
    {},
    `\`npx runlog agent run --agent claude --store 'sqlite:///a b.db' --session ses_1 -- "go on"\` ends it`,
  ],
  [
    { agentId: 'shell' },
    `--agent shell --allow echo --store 'sqlite:///a b.db' --session ses_1 -- echo go on\` ends it`,
  ],
  [{ agentId: 'shell' }, 'the --allow, --deny, --policy and --timeout of the call before are not kept: give'],
  [
    { agentId: 'claude' },
    'the --allow, --deny, --policy and --timeout of the call before are not kept: give',
  ],
  [{ agentId: 'mine' }, program],
  [{ status: 'paused' as const }, program],
  [{ deletedAt: at }, program],
])('of a session with %j, the way on is one that works', (own, expected) => {
  expect(told(own)).toContain(expected);
});

test('what a run is told again that is gone on with is only asked where its row does not say it', () => {
  const runs = [{ ...run, continuation: 'replay' as const }];
  const lines = conversationText({ session: { ...session, agentId: 'mine' }, runs, messages: [] }, { names });
  expect(lines.join('\n')).toContain("`manager.resumeRun('run_1')` goes on with it");
});

test('an interrupted run is called that, and its row still says what is stored', () => {
  const line = told({}).split('\n')[1] ?? '';
  expect(line).toContain(' interrupted ');
  expect(line).toContain('nobody works on it: its process is gone, or its lease has ended');
  expect(line).not.toContain('running');
  expect(sessionPartsJson({ session, runs: [run], messages: [] })['runs']).toMatchObject([
    { status: 'running', interrupted: true },
  ]);
});

test('a run that somebody works on is called running, with no way on', () => {
  expect(told({}, false).split('\n')).toEqual([
    'ses_1  claude  active',
    expect.stringMatching(/^ {2}run_1 +running +2026-11-21T10:00:00Z$/),
  ]);
});

const place = { runId: 'run_1', eventId: 'evt_1', sequenceNumber: 1, timestamp: at };
const called = {
  ...place,
  role: 'assistant',
  content: null,
  toolName: 'bash',
  toolInput: { command: 'ls' },
} as const;
const streamed = { ...place, role: 'assistant', content: 'one\ntwo\n' } as const;
const toolOutput = { output: 'one\ntwo\n', exit_code: 0 };
const answered = { ...place, role: 'tool', content: null, toolName: 'bash', toolOutput } as const;
const received = { ...place, role: 'tool', content: 'one\ntwo\n' } as const;

function lines(messages: readonly TranscriptMessage[]): readonly string[] {
  return conversationText({ session, runs: [], messages }).filter((text) => text !== '');
}

test('what a command said is told once, with what else is known of its end', () => {
  const [, ...told] = lines([called, streamed, answered, received]);
  expect(told).toEqual([
    'assistant calls bash {"command":"ls"}',
    'assistant:',
    'one\ntwo\n',
    'bash -> {"exit_code":0}',
  ]);
});

test('what was not streamed is told by the answer of its tool, once', () => {
  expect(lines([called, answered, received]).slice(2)).toEqual([
    'bash -> {"output":"one\\ntwo\\n","exit_code":0}',
  ]);
});

test('a tool that answers with nothing but what was streamed has no line of its own', () => {
  const bare = { ...answered, toolOutput: { output: streamed.content } };
  expect(lines([called, streamed, bare]).slice(2)).toEqual(['assistant:', 'one\ntwo\n']);
});

test.each([
  ['in another run', { ...received, runId: 'run_2' }],
  ['with another text', { ...received, content: 'one\n' }],
])('what is said %s is told too', (_what, message) => {
  expect(lines([called, streamed, answered, message]).at(-1)).toMatch(/^a tool -> "one/);
});

test('what a tool answers is told although the agent said the same before it called it', () => {
  expect(lines([streamed, called, answered]).at(-1)).toContain('"output":"one');
});

test('a program is told every message', () => {
  const messages = [called, streamed, answered, received];
  expect(sessionPartsJson({ session, runs: [], messages })['messages']).toHaveLength(4);
});
