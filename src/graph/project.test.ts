/** Proves what events of any writer do to a graph: also those that no command of today would write. */
import { describe, expect, it, test } from 'vitest';
import type { JsonObject } from '../base/index.ts';
import { countEvent, zeroCounters } from './draft.ts';
import { project } from './project.ts';
import { type GraphReader, readerOf } from './reader.ts';
import { Tables } from './state.ts';

function after(...events: readonly (readonly [string, JsonObject])[]): GraphReader {
  const tables = new Tables();
  for (const [type, payload] of events) project(tables, type, payload);
  return readerOf(tables);
}

const created = (id: string, type = 't', data: JsonObject = {}): readonly [string, JsonObject] => [
  'object.created',
  { object: { id, type, data, version: 1, provenance: {} }, id },
];
const related = (id: string, source: string, target: string, type = 'r'): readonly [string, JsonObject] => [
  'relation.created',
  { relation: { id, source, target, type, data: {}, provenance: {} }, id, source, target },
];
const patch = (status: string, fields: JsonObject = {}): JsonObject => ({
  patch: {
    id: 'patch_001',
    target: 't#1',
    op: 'update',
    value: { x: 2 },
    expected_version: 1,
    status,
    ...fields,
  },
  target: 't#1',
});

test('an unknown operation counts as a version and changes no data', () => {
  const graph = after(created('t#1', 't', { x: 1 }), ['patch.applied', patch('applied', { op: 'bogus' })]);
  expect(graph.object('t#1')).toMatchObject({ version: 2, data: { x: 1 } });
});

test('a patch of what is not there is kept, and changes nothing', () => {
  const graph = after(['patch.applied', patch('applied')]);
  expect(graph.patch('patch_001')).toMatchObject({ status: 'applied' });
  expect(graph.objects()).toEqual([]);
});

test('an applied patch can be rejected by an old log', () => {
  const graph = after(
    created('t#1'),
    ['patch.applied', patch('applied')],
    ['patch.rejected', { patch_id: 'patch_001', reason: 'no' }],
  );
  expect(graph.patch('patch_001')).toMatchObject({ status: 'rejected', rejectionReason: 'no' });
});

test('a relation may end in nothing', () => {
  const graph = after(created('t#1'), related('rel_001', 't#1', 'gone#9'));
  expect(graph.relations({ target: 'gone#9' }).map(({ id }) => id)).toEqual(['rel_001']);
  expect(graph.neighborhood('t#1').objects.map(({ id }) => id)).toEqual(['t#1']);
});

test('a removed object takes its relations along, and can be made again', () => {
  const graph = after(
    created('t#1'),
    created('t#2'),
    related('rel_001', 't#1', 't#2'),
    ['object.removed', { id: 't#1' }],
    created('t#1'),
  );
  expect(graph.relations()).toEqual([]);
  expect(graph.objects('t').map(({ id }) => id)).toEqual(['t#2', 't#1']);
});

test('an id that is made again under another type is found under that type alone', () => {
  const graph = after(created('x#1', 'a'), created('y#2', 'b'), created('x#1', 'b'));
  expect(graph.objects('a')).toEqual([]);
  expect(graph.objects('b').map(({ id }) => id)).toEqual(['y#2', 'x#1']);
});

test('a relation that is made again between others is found between those alone', () => {
  const graph = after(
    created('a#1'),
    created('b#2'),
    created('c#3'),
    related('rel_001', 'a#1', 'b#2'),
    related('rel_001', 'b#2', 'c#3', 's'),
  );
  expect(graph.relations({ source: 'a#1' })).toEqual([]);
  expect(graph.relations({ type: 'r' })).toEqual([]);
  expect(graph.relations({ target: 'c#3', type: 's' }).map(({ id }) => id)).toEqual(['rel_001']);
  expect(graph.neighborhood('a#1').relations).toEqual([]);
});

describe('a payload that is not what its type says', () => {
  const broken: readonly (readonly [string, JsonObject])[] = [
    ['object.created', {}],
    ['object.created', { object: [] }],
    ['object.created', { object: { id: 7, type: 't', data: {} } }],
    ['object.created', { object: { id: 't#1', type: 't', data: 'text' } }],
    ['object.removed', { id: null }],
    ['relation.created', { relation: { id: 'rel_001', source: 't#1' } }],
    ['relation.removed', {}],
    ['patch.proposed', { patch: null }],
    ['patch.applied', { patch: { id: 'patch_001' } }],
    ['patch.rejected', { patch_id: 'nobody' }],
    ['something.else', { object: { id: 't#1', type: 't', data: {} } }],
  ];
  it.each(broken)('changes nothing: %s %j', (type, payload) => {
    const graph = after([type, payload]);
    expect([graph.objects(), graph.relations(), graph.patches()]).toEqual([[], [], []]);
  });
});

test('missing parts of an element have their plainest value', () => {
  const graph = after(
    ['object.created', { object: { id: 't#1', type: 't', data: {} } }],
    ['patch.proposed', { patch: { id: 'p', target: 't#1', op: 'update' } }],
  );
  expect(graph.object('t#1')).toEqual({ id: 't#1', type: 't', data: {}, version: 1, provenance: {} });
  expect(graph.patch('p')).toMatchObject({
    value: {},
    expectedVersion: null,
    status: 'proposed',
    evidence: [],
    rationale: '',
  });
});

test('counters are the highest numbers that events show', () => {
  const counters = zeroCounters();
  const events: readonly (readonly [string, JsonObject])[] = [
    created('t#3'),
    created('a#b#7'),
    created('mine'),
    related('rel_002', 't#3', 't#3'),
    ['patch.proposed', { patch: { id: 'patch_004' } }],
    ['patch.rejected', { patch_id: 'patch_005' }],
    ['approval.proposed', { approval_id: 'approval_002' }],
    ['other', { id: 't#99' }],
  ];
  for (const [type, payload] of events) countEvent(counters, type, payload);
  expect(counters).toEqual({ object: 7, relation: 2, patch: 5, approval: 2 });
});

test('a relation from an object to itself is listed once among those of the object, and gone with it', () => {
  const tables = new Tables();
  const provenance = {};
  tables.putObject({ id: 'a#1', type: 'a', data: {}, version: 1, provenance });
  tables.putRelation({ id: 'rel_001', source: 'a#1', target: 'a#1', type: 'knows', data: {}, provenance });
  expect([...tables.relationsOf('a#1')].map(({ id }) => id)).toEqual(['rel_001']);
  tables.dropRelation('rel_001');
  expect([...tables.relationsOf('a#1')]).toEqual([]);
});
