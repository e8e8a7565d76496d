/** Proves who is said to have left a run behind: whoever is gone or silent for too long, and nobody else. */
import { expect, test } from 'vitest';
import type { Execution } from '../model/execution.ts';
import { isLeftBehind } from './run-lease.ts';

const nowMs = Date.parse('2026-11-21T10:00:00Z');
const running: Execution = {
  ...{ id: 'r', sessionId: 's', status: 'running', input: 'go', output: null, error: null, metadata: {} },
  ...{ turnCount: 0, tokenUsage: {}, costUsd: null, startedAt: '2026-11-21T09:00:00Z', endedAt: null },
  ...{ provider: null, providerMetadata: {}, version: null },
};

function leased(owner: string, expiresAt: string): Execution {
  return { ...running, metadata: { lease: { owner, epoch: 1, expires_at: expiresAt } } };
}

const later = '2026-11-21T10:00:30.000000Z';
const earlier = '2026-11-21T09:59:59.000000Z';

test.each([
  ['whose owner lives', leased('alive', later), false],
  ['whose owner is gone', leased('dead', later), true],
  ['whose lease has ended', leased('alive', earlier), true],
  ['that nobody ever had', running, true],
  ['that has ended', { ...leased('dead', earlier), status: 'failed' as const }, false],
  ['that has not begun', { ...running, status: 'pending' as const }, false],
])('a run %s', (_, run, expected) => {
  expect(isLeftBehind(run, { nowMs, isOwnerGone: (owner) => owner === 'dead' })).toBe(expected);
});

test('without word of processes the lease alone decides', () => {
  expect(isLeftBehind(leased('dead', later), { nowMs })).toBe(false);
  expect(isLeftBehind(leased('dead', earlier), { nowMs })).toBe(true);
});
