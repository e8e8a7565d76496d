/** Proves what a raw event becomes: its type, its id, its time, what is refused, what is only said, and that no secret stays. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../base/index.ts';
import { NonSerializableEventError } from '../../log/index.ts';
import { RunMismatchError, SessionMismatchError, ValidationError } from '../errors/error-classes.ts';
import { sessionEventTypes } from '../model/event-types.ts';
import { countingMint } from '../model/mint.ts';
import { EventBuilder } from './event-builder.ts';
import { shapeWarnings } from './event-validator.ts';

const context = { sessionId: 's', runId: 'r', provider: 'claude', correlationId: 'c' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function build(raw: unknown, by: 'redacting' | 'plain' = 'redacting') {
  const mint = countingMint();
  return new EventBuilder({ mint, sha256, redactor: by === 'plain' ? null : redactor() }).build(raw, context);
}

describe('a raw event', () => {
  it.each(sessionEventTypes)('%s keeps its type and gets its place', (type) => {
    const { event } = build({ type, data: { content: 'x' }, timestamp: '2026-02-01T10:00:00+01:00' });
    expect(event).toMatchObject({
      id: `evt_${'1'.padStart(32, '0')}`,
      type,
      timestamp: '2026-02-01T09:00:00.000000Z',
      sessionId: 's',
      runId: 'r',
      sequenceNumber: null,
      provider: 'claude',
      correlationId: 'c',
      schemaVersion: 1,
    });
  });

  it('of a type that is not known becomes an error that says what it was', () => {
    const { event } = build({ type: 'thinking', data: { error_message: 'x' } });
    expect(event).toMatchObject({ type: 'error_occurred', data: { original_type: 'thinking' } });
  });

  it('keeps its own id, so that it can be told when it comes again', () => {
    expect(build({ type: 'run_started', id: 'raw-1' }).event.id).toBe('raw-1');
    expect(build({ type: 'run_started', id: 'raw-1' }).hasOwnId).toBe(true);
    expect(build({ type: 'run_started' }).hasOwnId).toBe(false);
  });

  it('whose id is a secret, or too long for a log, is known by a hash', () => {
    const ids = [`ghp_${'a'.repeat(36)}`, 'x'.repeat(300), '\ud800'].map(
      (id) => build({ type: 'run_started', id }).event.id,
    );
    for (const id of ids) expect(id).toMatch(/^evt_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(3);
  });

  it('without a time gets the present one, and one that cannot be read is said', () => {
    expect(build({ type: 'run_started' }).event.timestamp).toBe('2026-01-01T00:00:00.000000Z');
    const { event, warnings } = build({ type: 'run_started', timestamp: 'yesterday' });
    expect(event.timestamp).toBe('2026-01-01T00:00:00.000000Z');
    expect(warnings).toHaveLength(1);
  });

  it('may give its time as a date', () => {
    const raw = { type: 'run_started', timestamp: new Date('2026-03-01T00:00:00Z') };
    expect(build(raw).event.timestamp).toBe('2026-03-01T00:00:00.000000Z');
  });
});

describe('what is refused', () => {
  it.each([null, 'text', 7, [], undefined])('%j is no event', (raw) => {
    expect(() => build(raw)).toThrow('an event must be a map');
  });

  it.each([
    [{}, 'type is required'],
    [{ type: '' }, 'type must be a string that is not empty'],
    [{ type: 7 }, 'type must be a string'],
    [{ type: 'run_started', data: 'x' }, 'data must be a map'],
    [{ type: 'run_started', metadata: [] }, 'metadata must be a map'],
    [{ type: 'run_started', id: 7 }, 'id must be a string'],
  ])('%j: %s', (raw, message) => {
    expect(() => build(raw)).toThrow(ValidationError);
    expect(() => build(raw)).toThrow(message);
  });

  it('is what JSON does not carry', () => {
    expect(() => build({ type: 'run_started', data: { x: 1n } })).toThrow(NonSerializableEventError);
  });

  it('is an event of another session or run', () => {
    expect(() => build({ type: 'run_started', session_id: 'other' })).toThrow(SessionMismatchError);
    expect(() => build({ type: 'run_started', run_id: 'other' })).toThrow(RunMismatchError);
    expect(build({ type: 'run_started', session_id: 's', run_id: 'r' }).event.runId).toBe('r');
  });
});

describe('what is only said', () => {
  it.each([
    ['message_received', {}, ['content', 'role']],
    ['message_received', { content: '', role: '' }, []],
    ['message_streamed', { content: 1 }, ['content']],
    ['tool_call_started', {}, ['tool_name']],
    ['tool_call_completed', {}, ['tool_name']],
    ['tool_call_failed', {}, ['tool_name']],
    ['token_usage_updated', { input_tokens: 0, output_tokens: 1.5 }, ['output_tokens']],
    ['run_completed', {}, ['stop_reason']],
    ['error_occurred', {}, ['error_message']],
    ['policy_violation', { policy: null }, ['policy', 'kind']],
    ['tool_approval_requested', {}, ['tool_name', 'policy_name']],
    ['tool_approval_granted', {}, ['tool_name']],
    ['tool_approval_denied', {}, ['tool_name']],
    ['run_started', {}, []],
  ] as const)('%s of %j lacks %j', (type, data, fields) => {
    const warnings = shapeWarnings(type, data);
    expect(warnings.map((warning) => /'(\w+)'/.exec(warning)?.[1])).toEqual(fields);
  });

  it('is written beside the event, which is stored all the same', () => {
    const { event } = build({ type: 'run_completed', data: { stop_reason: 7 }, metadata: { a: 1 } });
    expect(event.metadata).toEqual({
      a: 1,
      _validation_warnings: ["field 'stop_reason' expected string, got 7"],
    });
  });
});

describe('secrets', () => {
  it('are taken out of data, metadata, provider, correlation id and the name of a type', () => {
    const secret = `ghp_${'a'.repeat(36)}`;
    const raw = { type: `x ${secret}`, data: { a: [secret] }, metadata: { [secret]: 1 }, timestamp: secret };
    const mint = countingMint();
    const builder = new EventBuilder({ mint, sha256, redactor: redactor() });
    const { event, secrets } = builder.build(raw, {
      sessionId: 's',
      runId: null,
      provider: secret,
      correlationId: secret,
    });
    expect(JSON.stringify(event)).not.toContain(secret);
    expect(secrets).toEqual(Array.from({ length: 5 }, () => 'github_pat'));
  });

  it('stay where no redactor is given', () => {
    expect(build({ type: 'message_sent', data: { content: 'pwd=x' } }, 'plain').event.data).toEqual({
      content: 'pwd=x',
    });
  });

  it('of a piece of a message are left to the stage that sees its neighbours', () => {
    const { event, delta } = build({
      type: 'message_streamed',
      data: { content: 'pwd=x', delta: 'pwd=x', n: 1 },
    });
    expect(event.data).toEqual({ content: '', delta: '', n: 1 });
    expect(delta).toEqual({ text: 'pwd=x', fields: ['content', 'delta'] });
  });
});
