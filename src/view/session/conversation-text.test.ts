/** Proves what a person is told of a run whose process is gone: that nobody works on it, and what works next in its session. */
import { expect, test } from 'vitest';
import type { Session } from '../../sessions/index.ts';
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
  ...{ provider: null, providerMetadata: {}, version: null, isInterrupted: true },
};
const names = { url: 'sqlite:///a b.db', program: 'npx runlog' };

function told(own: Partial<Session>, isInterrupted = true): string {
  const runs = [{ ...run, isInterrupted }];
  return conversationText({ session: { ...session, ...own }, runs, messages: [] }, { names }).join('\n');
}

const program =
  "In a program, `manager.resumeRun('run_1')` goes on with it, and `manager.recover('ses_1')` ends it as failed.";

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
