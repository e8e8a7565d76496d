import { describe, expect, it } from 'vitest';
import { InvalidStatusError, InvalidTransitionError, ValidationError } from '../errors/error-classes.ts';
import { countingMint, openMint } from './mint.ts';
import { moveSession, newSession, sessionFromJson, sessionStatuses, sessionToJson } from './session.ts';

const mint = countingMint();

describe('a new session', () => {
  it('is pending, with an id and times of the mint', () => {
    const session = newSession({ agentId: 'a' }, countingMint());
    expect(session).toMatchObject({
      id: `ses_${'1'.padStart(32, '0')}`,
      agentId: 'a',
      status: 'pending',
      createdAt: '2026-01-01T00:00:00.000000Z',
      updatedAt: '2026-01-01T00:00:00.000000Z',
      tags: [],
      metadata: {},
      version: null,
    });
  });

  it('keeps an id of the caller', () => {
    expect(newSession({ agentId: 'a', id: 'mine' }, mint).id).toBe('mine');
  });

  it('needs somebody who works', () => {
    expect(() => newSession({ agentId: '' }, mint)).toThrow('agent_id cannot be empty');
    expect(() => sessionFromJson({ id: 's' })).toThrow('agent_id is required');
    expect(() => sessionFromJson([])).toThrow(ValidationError);
  });

  it('takes its id from the millisecond and 10 bytes of chance, and its time from the same clock', () => {
    let nowMs = 0.25;
    const random = openMint({ nowMs: () => nowMs, randomHex: (bytes) => 'ab'.repeat(bytes) });
    expect(random.now()).toBe('1970-01-01T00:00:00.000250Z');
    expect(random.id('run')).toBe(`run_000000000000${'ab'.repeat(10)}`);
    nowMs = Date.UTC(2026, 0, 1) + 0.9;
    expect(random.id('evt')).toBe(`evt_019b76daa800${'ab'.repeat(10)}`);
  });

  it.each([-1, 2 ** 53])('has 32 digits after its prefix when the clock says %d', (nowMs) => {
    const lost = openMint({ nowMs: () => nowMs, randomHex: (bytes) => 'ab'.repeat(bytes) });
    expect(lost.id('ses')).toMatch(/^ses_[0-9a-f]{32}$/);
  });
});

describe('the states of a session', () => {
  const allowed = new Set(
    'pending>active pending>failed pending>cancelled active>paused active>completed active>failed active>cancelled paused>active paused>failed paused>cancelled'.split(
      ' ',
    ),
  );
  const moves = sessionStatuses.flatMap((from) => sessionStatuses.map((to) => [from, to] as const));

  it.each(moves)('%s to %s goes, or is refused', (from, to) => {
    const session = { ...newSession({ agentId: 'a' }, mint), status: from };
    if (from === to) expect(moveSession(session, to, mint)).toBe(session);
    else if (allowed.has(`${from}>${to}`)) expect(moveSession(session, to, mint).status).toBe(to);
    else expect(() => moveSession(session, to, mint)).toThrow(InvalidTransitionError);
  });

  it('bump the time of the last change', () => {
    const session = newSession({ agentId: 'a' }, mint);
    expect(moveSession(session, 'active', mint).updatedAt > session.updatedAt).toBe(true);
  });
});

describe('the document of a session', () => {
  const json = {
    id: 's',
    agent_id: 'a',
    status: 'active',
    parent_session_id: 'p',
    metadata: { nested: { unknown_key: [1, null] } },
    context: { system: 'x' },
    tags: ['pinned'],
    created_at: '2026-01-01T00:00:00.123456Z',
    updated_at: '2026-01-01T01:00:00.000001Z',
    deleted_at: null,
  };

  it('is read and written alike', () => {
    expect(sessionToJson(sessionFromJson(json))).toEqual(json);
  });

  it('has one text for a moment, whatever zone it was written in', () => {
    const read = sessionFromJson({ ...json, created_at: '2026-01-01T02:00:00.5+02:00' });
    expect(read.createdAt).toBe('2026-01-01T00:00:00.500000Z');
  });

  it('is refused when a moment cannot be read, the one of its deletion too', () => {
    expect(() => sessionFromJson({ ...json, deleted_at: 'yesterday' })).toThrow(ValidationError);
    expect(() => sessionFromJson({ ...json, created_at: undefined })).toThrow('created_at is required');
  });

  it('is refused with a status that does not exist', () => {
    expect(() => sessionFromJson({ ...json, status: 'asleep' })).toThrow(InvalidStatusError);
  });
});
