/** Proves how two graphs differ: by element and by field, whatever made them. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../base/index.ts';
import { diffGraphs, type GraphDiff } from './diff.ts';
import { project } from './project.ts';
import { type GraphReader, readerOf } from './reader.ts';
import { Tables } from './state.ts';

interface Parts {
  readonly objects?: readonly {
    readonly id: string;
    readonly type?: string;
    readonly version?: number;
    readonly data?: JsonObject;
    readonly provenance?: JsonObject;
  }[];
  readonly relations?: readonly {
    readonly id: string;
    readonly source: string;
    readonly target: string;
    readonly data?: JsonObject;
  }[];
}

function graph({ objects = [], relations = [] }: Parts): GraphReader {
  const tables = new Tables();
  for (const object of objects)
    project(tables, 'object.created', {
      object: { type: 't', version: 1, data: {}, provenance: {}, ...object },
    });
  for (const relation of relations)
    project(tables, 'relation.created', { relation: { type: 'r', data: {}, provenance: {}, ...relation } });
  return readerOf(tables);
}

function fieldsOf(diff: GraphDiff): unknown {
  return diff.objects.changed.map(({ fields }) =>
    fields.map(({ field, left, right }) => [field, left, right]),
  );
}

test('a graph does not differ from itself, and not by where its elements come from', () => {
  const left = graph({ objects: [{ id: 'a#1', data: { x: 1 }, provenance: { created_by: 'one' } }] });
  const right = graph({ objects: [{ id: 'a#1', data: { x: 1 }, provenance: { created_by: 'two' } }] });
  expect(diffGraphs(left, left).isIdentical).toBe(true);
  expect(diffGraphs(left, right).isIdentical).toBe(true);
});

test('elements of one side only are told by side', () => {
  const diff = diffGraphs(
    graph({ objects: [{ id: 'a#1' }], relations: [{ id: 'rel_001', source: 'a#1', target: 'a#1' }] }),
    graph({ objects: [{ id: 'b#1' }, { id: 'c#2' }] }),
  );
  expect(diff.objects.onlyLeft.map(({ id }) => id)).toEqual(['a#1']);
  expect(diff.objects.onlyRight.map(({ id }) => id)).toEqual(['b#1', 'c#2']);
  expect(diff.relations.onlyLeft.map(({ id }) => id)).toEqual(['rel_001']);
  expect(diff.isIdentical).toBe(false);
});

test('changed elements are told by field, with the path of what is nested', () => {
  const diff = diffGraphs(
    graph({
      objects: [{ id: 'a#1', version: 1, data: { status: 'open', deep: { x: 1, same: [1] }, gone: 1 } }],
    }),
    graph({
      objects: [{ id: 'a#1', version: 2, data: { status: 'done', deep: { x: 2, same: [1] }, list: [1, 2] } }],
    }),
  );
  expect(fieldsOf(diff)).toEqual([
    [
      ['data.deep.x', 1, 2],
      ['data.gone', 1, undefined],
      ['data.list', undefined, [1, 2]],
      ['data.status', 'open', 'done'],
      ['version', 1, 2],
    ],
  ]);
});

test('a field that is null is told from one that is missing', () => {
  const diff = diffGraphs(
    graph({ objects: [{ id: 'a#1', data: { x: null } }] }),
    graph({ objects: [{ id: 'a#1', data: {} }] }),
  );
  expect(diff.isIdentical).toBe(false);
  expect(fieldsOf(diff)).toEqual([[['data.x', null, undefined]]]);
});

test('relations are compared by their ends and their data', () => {
  const objects = [{ id: 'a#1' }, { id: 'b#2' }];
  const diff = diffGraphs(
    graph({ objects, relations: [{ id: 'rel_001', source: 'a#1', target: 'b#2', data: { weight: 1 } }] }),
    graph({ objects, relations: [{ id: 'rel_001', source: 'b#2', target: 'b#2', data: { weight: 2 } }] }),
  );
  expect(diff.relations.changed[0]?.fields.map(({ field }) => field)).toEqual(['data.weight', 'source']);
});
