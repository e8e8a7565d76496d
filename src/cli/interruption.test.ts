import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { watchForInterruption } from './interruption.ts';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s asks a command to finish what it has begun, and it ends with %i', (name, code) => {
  const interruption = watchForInterruption();
  onTestFinished(() => interruption.dispose());
  process.emit(name, name);
  expect(interruption.signal.aborted).toBe(true);
  expect(interruption.exitCode).toBe(code);
});

test('the second signal is the platform’s again, whichever it is', () => {
  const before = process.listenerCount('SIGHUP');
  const interruption = watchForInterruption();
  onTestFinished(() => interruption.dispose());
  process.emit('SIGTERM', 'SIGTERM');
  expect(process.listenerCount('SIGHUP')).toBe(before);
});
