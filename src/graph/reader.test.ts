/** Proves that a graph is read in order of creation, through its indexes, and handed out frozen. */
import { beforeEach, describe, expect, it } from 'vitest';
import { InvalidArgumentType, InvalidRuntimeConfiguration } from '../base/index.ts';
import { Changes } from './changes.ts';
import { DeclaredTypes } from './declared-types.ts';
import { zeroCounters } from './draft.ts';
import { Overlay } from './overlay.ts';
import { type GraphReader, readerOf } from './reader.ts';
import { Tables } from './state.ts';
import type { GraphWriter } from './writer.ts';

function writerOver(overlay: Overlay): GraphWriter {
  return new Changes(overlay, zeroCounters(), {
    actor: 'tester',
    causedBy: null,
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    types: new DeclaredTypes(),
    checkGate: () => undefined,
    checkOpen: () => undefined,
    origin: () => ({}),
  }).writer();
}

describe('a reader', () => {
  let graph: GraphReader;

  beforeEach(() => {
    const overlay = new Overlay(new Tables());
    const writer = writerOver(overlay);
    writer.addObject('task', { n: 1, status: 'open' });
    writer.addObject('note', { n: 2 });
    writer.addObject('task', { n: 3, status: 'done' });
    writer.addRelation('task#1', 'task#3', 'before');
    writer.addRelation('note#2', 'task#1', 'about');
    writer.addRelation('task#3', 'task#1', 'before');
    graph = readerOf(overlay);
  });

  it('gives objects by type and filter, in order of creation', () => {
    expect(graph.objects().map(({ id }) => id)).toEqual(['task#1', 'note#2', 'task#3']);
    expect(graph.objects('task').map(({ id }) => id)).toEqual(['task#1', 'task#3']);
    expect(graph.objects('task', { status: 'done' }).map(({ id }) => id)).toEqual(['task#3']);
    expect(graph.objects(undefined, { n: { '>': 1 } }).map(({ id }) => id)).toEqual(['note#2', 'task#3']);
    expect(graph.objects('none')).toEqual([]);
  });

  it.each([7, null, { type: 'task' }, ['task']])('refuses %j as the type of objects', (type) => {
    expect(() => graph.objects(type as never)).toThrow(InvalidArgumentType);
  });

  it.each([7, null, 'n > 1', ['n']])('refuses %j as a filter of objects', (where) => {
    expect(() => graph.objects('task', where as never)).toThrow(InvalidArgumentType);
  });

  it('refuses a filter of relations that is a text, or has a part that is none', () => {
    expect(() => graph.relations('before' as never)).toThrow(InvalidArgumentType);
    expect(() => graph.relations({ from: 'task#1' } as never)).toThrow(InvalidRuntimeConfiguration);
  });

  it('filters by the fields of an object as well as by its data, and data win', () => {
    expect(graph.objects('task', { id: 'task#3', version: 1 })).toHaveLength(1);
    expect(graph.objects(undefined, { 'provenance.created_by': 'tester', type: 'note' })).toHaveLength(1);
  });

  it('gives relations by type and by either end', () => {
    const ids = (filter: Parameters<GraphReader['relations']>[0]): string[] =>
      graph.relations(filter).map(({ id }) => id);
    expect(ids({})).toEqual(['rel_001', 'rel_002', 'rel_003']);
    expect(ids({ type: 'before' })).toEqual(['rel_001', 'rel_003']);
    expect(ids({ source: 'task#1' })).toEqual(['rel_001']);
    expect(ids({ target: 'task#1' })).toEqual(['rel_002', 'rel_003']);
    expect(ids({ target: 'task#1', type: 'about' })).toEqual(['rel_002']);
    expect(ids({ source: 'task#3', target: 'task#1' })).toEqual(['rel_003']);
    expect(ids({ source: 'nobody' })).toEqual([]);
  });

  it('gives a neighborhood nearest first, and each element once', () => {
    const { objects, relations } = graph.neighborhood('note#2', 3);
    expect(objects.map(({ id }) => id)).toEqual(['note#2', 'task#1', 'task#3']);
    expect(relations.map(({ id }) => id)).toEqual(['rel_002', 'rel_001', 'rel_003']);
  });

  it('says nothing of what is not there', () => {
    expect([graph.object('x'), graph.relation('x'), graph.patch('x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a writer', () => {
  it('takes both spellings of a target', () => {
    const writer = writerOver(new Overlay(new Tables()));
    writer.addObject('task', {});
    expect(writer.patchObject('object:task#1', { x: 1 }).target).toBe('task#1');
  });

  it('finds an object whose own type begins like the older spelling', () => {
    const writer = writerOver(new Overlay(new Tables()));
    const { id } = writer.addObject('object:odd', {});
    writer.patchObject(id, { x: 1 });
    writer.removeObject(id);
    expect(writer.objects()).toEqual([]);
  });

  it('keeps evidence as it was given', () => {
    const writer = writerOver(new Overlay(new Tables()));
    const evidence = ['doc#1'];
    const { provenance } = writer.addObject('claim', {}, { evidence });
    const patch = writer.patchObject('claim#1', { x: 1 }, { evidence, rationale: 'because' });
    evidence.push('doc#2');
    expect([provenance['evidence'], patch.evidence, patch.rationale]).toEqual([
      ['doc#1'],
      ['doc#1'],
      'because',
    ]);
  });
});

it('a filter of nothing is refused in words, and none means all', () => {
  const graph = readerOf(new Tables());
  expect(graph.relations()).toEqual([]);
  const asked = (): unknown => {
    const relations: unknown = Reflect.get(graph, 'relations');
    return typeof relations === 'function' ? Reflect.apply(relations, graph, [null]) : null;
  };
  expect(asked).toThrow(/graph\.relations takes `filter`/);
});
