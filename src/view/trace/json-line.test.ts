import { describe, expect, it } from 'vitest';
import { moment, plantedOne } from '../../../test/harness/planted-events.ts';
import { CorruptedEventPayloadError, type StoredEvent, tombstoneText } from '../../log/index.ts';
import { eventJsonLine, storedJsonLine } from './json-line.ts';

function stored(payload: string): StoredEvent {
  const none = {
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
    hash: null,
  };
  return {
    ...none,
    seq: 1,
    id: 'evt_001',
    type: 'a.b',
    payload,
    actor: 'user',
    causedBy: null,
    frameId: 'frame_001',
    timestamp: moment,
    subject: null,
  };
}

describe('eventJsonLine', () => {
  it('has the seven fields in the order of the specification', () => {
    expect(eventJsonLine(plantedOne('a.b', { n: 1 }, { actor: 'user' }))).toBe(
      `{"id":"evt_001","type":"a.b","payload":{"n":1},"actor":"user","frame_id":null,"caused_by":null,"timestamp":"${moment}"}`,
    );
  });
});

describe('storedJsonLine', () => {
  it('spells the payload as it is stored', () => {
    expect(storedJsonLine(stored('{"b":1.0,"a":1E2}'), 'run')).toBe(
      `{"id":"evt_001","type":"a.b","payload":{"b":1.0,"a":1E2},"actor":"user","frame_id":"frame_001","caused_by":null,"timestamp":"${moment}"}`,
    );
  });

  it('is one line whatever the layout of the stored text', () => {
    const line = storedJsonLine(stored('{\n\t"a":\r\n  "x\\ny"\n}'), 'run');
    expect(line).not.toMatch(/[\n\r\t]/);
    expect(JSON.parse(line)).toMatchObject({ payload: { a: 'x\ny' } });
  });

  it('escapes what could steer a terminal, and means the same', () => {
    const line = storedJsonLine(stored('{"a":"\u009b2J\u202e"}'), 'run');
    expect(line).toContain('{"a":"\\u009b2J\\u202e"}');
  });

  it('has who dropped a payload when and why, and an empty one in its place', () => {
    const note = { by: 'ops', at: moment, reason: 'asked' };
    const line = storedJsonLine(stored(tombstoneText({ payloadHash: 'a'.repeat(64), note })), 'run');
    expect(JSON.parse(line)).toMatchObject({ id: 'evt_001', payload: {}, redacted: note });
  });

  it.each(['{"a":', '[1]', 'null', '"x"'])('refuses the payload %s', (payload) => {
    expect(() => storedJsonLine(stored(payload), 'run')).toThrow(CorruptedEventPayloadError);
  });
});
