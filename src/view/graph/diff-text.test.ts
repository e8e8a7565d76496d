import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/index.ts';
import { diffGraphs, readerOf, Tables } from '../../graph/index.ts';
import { graphDiffText } from './diff-text.ts';

function graph(
  objects: Readonly<Record<string, JsonObject>>,
  relations: readonly string[] = [],
): ReturnType<typeof readerOf> {
  const tables = new Tables();
  for (const [id, data] of Object.entries(objects)) {
    tables.putObject({ id, type: 'claim', data, version: 'version' in data ? 2 : 1, provenance: {} });
  }
  for (const id of relations) {
    tables.putRelation({
      id,
      source: 'claim#1',
      target: 'claim#2',
      type: 'supports',
      data: {},
      provenance: {},
    });
  }
  return readerOf(tables);
}

describe('graphDiffText', () => {
  it('names what stands on one side, and what differs by its fields', () => {
    const left = graph({ 'claim#1': { text: 'a' }, 'claim#2': {} }, ['rel_001']);
    const right = graph({ 'claim#1': { text: 'b' }, 'claim#3': {} });
    expect(graphDiffText(diffGraphs(left, right))).toEqual([
      'divergent objects:',
      '  - claim#1 differs (parent v1 ↔ fork v1)',
      '      data.text: "a" -> "b"',
      '  - claim#2 only in parent',
      '  - claim#3 only in fork',
      'divergent relations:',
      '  - rel_001 only in parent (claim#1 --supports--> claim#2)',
    ]);
  });

  it('calls the sides as it is told', () => {
    const diff = diffGraphs(graph({ 'claim#1': {} }), graph({}));
    expect(graphDiffText(diff, { names: { left: 'run a', right: 'run b' } })).toContain(
      '  - claim#1 only in run a',
    );
  });

  it('cuts long values', () => {
    const diff = diffGraphs(
      graph({ 'claim#1': { text: 'a'.repeat(200) } }),
      graph({ 'claim#1': { text: 'b' } }),
    );
    expect(graphDiffText(diff, { columns: 40 })[2]).toHaveLength(40);
  });

  it('says so when nothing differs', () => {
    expect(graphDiffText(diffGraphs(graph({ 'claim#1': {} }), graph({ 'claim#1': {} })))).toEqual([
      'the graphs are identical',
    ]);
  });
});
