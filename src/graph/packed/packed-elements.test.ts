/** Proves that an element comes out of its text as it was, whoever wrote it, and that what no text can tell is kept whole. */
import { describe, expect, it, test } from 'vitest';
import { readerOf } from '../reader.ts';
import { project } from '../project.ts';
import { Tables } from '../state.ts';
import { tablesFromTexts, tablesToTexts } from './packed-tables.ts';

const provenance =
  '{"created_by":"b","caused_by_event":"evt_001","frame_id":null,"timestamp":"2026-01-01T00:00:00Z","evidence":[]}';
const patch = (fields: string): string => `{"id":"patch_001","target":"t#1","op":"update",${fields}}`;

/** Payloads of this product, of others, and of nobody in particular. */
const payloads: readonly (readonly [what: string, type: string, payload: string])[] = [
  [
    'an object',
    'object.created',
    `{"object":{"id":"t#1","type":"t","data":{"a":[1,{"b":null}]},"version":1,"provenance":${provenance}},"id":"t#1"}`,
  ],
  [
    'an object with more fields',
    'object.created',
    '{"object":{"id":"t#1","type":"t","data":{},"version":1,"provenance":{},"extra":{"x":1}}}',
  ],
  [
    'an object in another order',
    'object.created',
    '{"object":{"version":2,"provenance":{},"data":{"z":1,"a":2},"type":"t","id":"t#1"}}',
  ],
  ['an object with nothing but a name', 'object.created', '{"object":{"id":"t#1","type":"t","data":{}}}'],
  [
    'an object with a field that objects inherit',
    'object.created',
    '{"object":{"id":"t#1","type":"t","data":{"__proto__":{"x":1}},"version":1,"provenance":{"__proto__":1}}}',
  ],
  [
    'an object with a field twice',
    'object.created',
    '{"object":{"id":"t#1","type":"t","data":{"a":1,"a":2},"version":1,"provenance":{}}}',
  ],
  [
    'an object in any script',
    'object.created',
    '{"object":{"id":"t#é","type":"ж","data":{"t":"\u{1f600}\\ud800\\u0000"},"version":1,"provenance":{}}}',
  ],
  [
    'a relation',
    'relation.created',
    `{"relation":{"id":"rel_001","source":"t#1","target":"t#2","type":"r","data":{"x":1},"provenance":${provenance}}}`,
  ],
  [
    'a relation without data',
    'relation.created',
    '{"relation":{"id":"rel_001","source":"t#1","target":"t#1","type":"r"}}',
  ],
  [
    'a patch',
    'patch.applied',
    `{"patch":${patch(`"value":{"a":1},"expected_version":1,"proposed_by":"b","rationale":"r","evidence":["e"],"provenance":${provenance}`)}}`,
  ],
  [
    'a patch by somebody else than its proposer',
    'patch.applied',
    `{"patch":${patch(`"value":{},"proposed_by":"c","provenance":${provenance}`)}}`,
  ],
  [
    'a patch with its evidence',
    'patch.applied',
    `{"patch":${patch(`"value":{},"evidence":[{"a":1,"b":2}],"provenance":{"created_by":null,"caused_by_event":1,"frame_id":[],"timestamp":0,"evidence":[{"a":1,"b":2}]}`)}}`,
  ],
  [
    'a patch with the same evidence in another order',
    'patch.applied',
    `{"patch":${patch(`"value":{},"evidence":[{"a":1,"b":2}],"provenance":{"created_by":null,"caused_by_event":1,"frame_id":[],"timestamp":0,"evidence":[{"b":2,"a":1}]}`)}}`,
  ],
  [
    'a patch with a provenance of numbers',
    'patch.applied',
    `{"patch":${patch('"value":{},"provenance":{"created_by":0,"caused_by_event":0,"frame_id":0,"timestamp":0,"evidence":0}')}}`,
  ],
  [
    'a patch with a provenance that is longer',
    'patch.applied',
    `{"patch":${patch(`"value":{},"provenance":{"created_by":"b","caused_by_event":"e","frame_id":null,"timestamp":"t","evidence":[],"model":"m"}`)}}`,
  ],
  [
    'a patch of an unknown kind',
    'patch.applied',
    '{"patch":{"id":"p","target":"t#1","op":"0","status":"rejected"}}',
  ],
  ['a proposed patch', 'patch.proposed', `{"patch":${patch('"value":{"a":1},"status":"proposed"')}}`],
];

/** Everything as text: the order of keys counts, and keys that objects inherit. */
function read(tables: Tables): string {
  const graph = readerOf(tables);
  return JSON.stringify([graph.objects(), graph.relations(), graph.patches()]);
}

function told(type: string, payload: string, asText: boolean): Tables {
  const tables = new Tables();
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null) throw new TypeError(payload);
  project(tables, type, { ...value }, ...(asText ? [payload] : []));
  return tables;
}

describe.each(payloads)('%s', (_what, type, payload) => {
  it('is the same when its text was kept', () => {
    expect(read(told(type, payload, true))).toBe(read(told(type, payload, false)));
  });

  it('is the same when it was written down', () => {
    for (const asText of [true, false]) {
      const texts = [...tablesToTexts(told(type, payload, asText))].map((text) => text ?? '');
      expect(texts.length).toBeGreaterThan(0);
      expect(read(tablesFromTexts(texts) ?? new Tables())).toBe(read(told(type, payload, false)));
    }
  });
});

test.each([
  ['object.created', '{"object":{"id":"t#1","type":"t","data":{"x":1e999},"version":1,"provenance":{}}}'],
  [
    'object.created',
    '{"object":{"id":"t#1","type":"t","data":{"x":[{"y":-0}]},"version":1,"provenance":{}}}',
  ],
  ['relation.created', '{"relation":{"id":"r","source":"a","target":"b","type":"r","data":{"x":-0}}}'],
  ['patch.applied', `{"patch":${patch('"value":{"x":-1e999}')}}`],
])('numbers that JSON does not write again survive in %s %s', (type, payload) => {
  const whole = told(type, payload, false);
  const elements = [...whole.objects(), ...whole.relations(), ...whole.patches()];
  expect([...tablesToTexts(whole)]).toContain(null);
  const kept = told(type, payload, true);
  expect([...kept.objects(), ...kept.relations(), ...kept.patches()]).toEqual(elements);
});
