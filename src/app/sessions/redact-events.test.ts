import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countingMint, newSessionEvent } from '../../sessions/index.ts';
import { openSessionStore } from './open-session-store.ts';
import { redactEvents } from './redact-events.ts';

test('more events than a transaction takes are all redacted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-redact-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:///${join(folder, 'sessions.db')}?durability=normal`;
  const mint = countingMint();
  const sessions = await openSessionStore(url);
  const told = { type: 'message_streamed', sessionId: 's', data: { delta: 'x' } } as const;
  for (const count of [10_000, 1])
    await sessions.appendEvents(Array.from({ length: count }, () => newSessionEvent(told, mint)));
  await sessions.close();
  const asked = { types: ['message_streamed'], by: 'ops', reason: 'asked' } as const;
  await redactEvents(url, 's', { ...asked, apply: true });
  const { events } = await redactEvents(url, 's', asked);
  expect(events.filter(({ redacted }) => redacted !== null)).toHaveLength(10_001);
});

test('a program without types is told what it lacks before a store is opened', async () => {
  const call: unknown = Reflect.apply(redactEvents, undefined, ['sqlite:///no.db', 's', { reason: 'asked' }]);
  await expect(call).rejects.toThrow('options.by');
});
