import { describe, expect, it, test } from 'vitest';
import { type StoredEvent, tombstoneText } from '../../log/index.ts';
import { eventLineText, parseEventLine } from './event-line.ts';

const hash = 'a'.repeat(64);

function stored(more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    seq: 3,
    id: 'evt_003',
    type: 'a.b',
    payload: '{"a": 1.0}',
    actor: null,
    causedBy: 'evt_002',
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
    hash,
    ...more,
  };
}

const back = (text: string) => parseEventLine(text, JSON.parse(text));

test('a line has the fields of the specification, and then its place and its hash', () => {
  expect(eventLineText(stored())).toBe(
    `{"id":"evt_003","type":"a.b","payload":{"a": 1.0},"actor":null,"frame_id":null,"caused_by":"evt_002",` +
      `"timestamp":"2026-01-01T00:00:00Z","seq":3,"hash":"${hash}"}`,
  );
});

test('what an event of a session has besides comes along', () => {
  const event = stored({
    schemaVersion: 2,
    runId: 'exec-1',
    provider: 'claude',
    correlationId: 'c"1',
    metadata: '{"b":1,"b":2.0}',
  });
  expect(back(eventLineText(event)).row).toEqual({ ...back(eventLineText(stored())).row, ...own(event) });
});

function own({ schemaVersion, runId, provider, correlationId, metadata }: StoredEvent): object {
  return { schemaVersion, runId, provider, correlationId, metadata };
}

describe('a payload stands as itself', () => {
  it.each([
    ['that is empty', '{}'],
    ['with blanks and a key twice', '{ "a" :  1.0 , "a":2e0}'],
    ['with backslashes, quotes and brackets in strings', String.raw`{"\\":"\\\\","\"":"}]","a":"\\\""}`],
    ['with a key that names the prototype', '{"__proto__":{"__proto__":1}}'],
    ['with letters and emoji', '{"é":"e\u0301😀👩\u200d🚀"}'],
    ['with numbers that JavaScript does not hold', '{"n":[-0,1e400,12345678901234567890,0.1000]}'],
    ['that is 10,000 lists deep', `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ])('%s', (_name, payload) => {
    const line = eventLineText(stored({ payload }));
    expect(line).toContain(`"payload":${payload},`);
    expect(back(line).row.payload).toBe(payload);
  });
});

describe('a payload stands as a string of itself', () => {
  it.each([
    ['with a line feed', '{\n"a": 1}'],
    ['with blanks around it', ' {"a":1} '],
    ['with the numbers of Python', '{"a": NaN, "b": -Infinity}'],
    ['that could steer a terminal', '{"a":"\u009b2J\u202e\u2028"}'],
    [
      'that was dropped',
      tombstoneText({ payloadHash: hash, note: { by: 'ops', at: 'now', reason: 'asked' } }),
    ],
  ])('%s', (_name, payload) => {
    const line = eventLineText(stored({ payload }));
    expect(line).toContain('"payload_text":"');
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(back(line).row.payload).toBe(payload);
  });
});

describe('a line is refused', () => {
  const line = (fields: string): string =>
    `{"id":"a","type":"b","timestamp":"t","seq":1,"hash":"h"${fields}}`;
  it.each([
    ['without a payload', line(''), 'the event has no payload'],
    [
      'with both forms of a payload',
      line(',"payload":{},"payload_text":"{}"'),
      'both payload and payload_text',
    ],
    ['with a payload that is no object', line(',"payload":[1]'), 'its payload is no object'],
    ['with a text that is no JSON', line(',"payload_text":"{"'), 'its payload_text is no JSON'],
    ['with a text that is no object', line(',"payload_text":"3"'), 'its payload_text is JSON, and no object'],
    ['with a field twice', line(',"payload":{},"payload":{"b":1}'), "the field 'payload' twice"],
    [
      'with a field twice, once escaped',
      line(',"payload":{},"\\u0070ayload":{}'),
      "the field 'payload' twice",
    ],
    ['with a field nobody knows', line(',"payload":{},"note":1'), "a field 'note'"],
    ['with an actor that is no text', line(',"payload":{},"actor":3'), 'its actor is no text'],
    ['that is a list', '[1]', 'it is JSON, and no object'],
  ])('%s', (_name, text, reason) => {
    expect(() => back(text)).toThrow(reason);
  });
});
