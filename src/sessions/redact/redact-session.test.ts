/** Proves which parts of a session, a run and an event pass the redactor, and that what is clean stays the same object. */
import { expect, test } from 'vitest';
import { redactor } from '../../base/index.ts';
import { newExecution, failExecution } from '../model/execution.ts';
import { countingMint } from '../model/mint.ts';
import { newSession } from '../model/session.ts';
import { newSessionEvent } from '../model/session-event.ts';
import { redactEvent, redactExecution, redactSession } from './redact-session.ts';

const secret = `ghp_${'a'.repeat(36)}`;
const mint = countingMint();
const by = redactor();

test('no secret stays in metadata, context and tags of a session', () => {
  const session = newSession(
    { agentId: 'a', metadata: { token: secret }, context: { system: [secret] }, tags: ['x', secret] },
    mint,
  );
  expect(JSON.stringify(redactSession(session, by))).not.toContain(secret);
});

test('no secret stays in what a run was asked, what came of it and how it failed', () => {
  const run = newExecution({ sessionId: 's', input: { prompt: secret }, metadata: { a: secret } }, mint);
  const failed = failExecution(
    run,
    { code: 'provider_error', message: secret, details: { stderr: secret } },
    mint,
  );
  const whole = { ...failed, output: { text: secret }, providerMetadata: { b: secret }, provider: secret };
  expect(JSON.stringify(redactExecution(whole, by))).not.toContain(secret);
});

test('no secret stays in an event that did not come through the pipeline', () => {
  const event = newSessionEvent(
    {
      type: 'message_sent',
      sessionId: 's',
      data: { password: 'x1' },
      metadata: { a: secret },
      provider: secret,
      correlationId: secret,
    },
    mint,
  );
  const text = JSON.stringify(redactEvent(event, by));
  expect(text).not.toContain(secret);
  expect(text).not.toContain('x1');
});

test('what holds no secret is the very same', () => {
  const session = newSession({ agentId: 'a', metadata: { a: [1] }, tags: ['x'] }, mint);
  const run = newExecution({ sessionId: 's', input: { prompt: 'x' } }, mint);
  expect(redactSession(session, by)).toBe(session);
  expect(redactExecution(run, by)).toBe(run);
});
