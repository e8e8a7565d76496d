/** Laid over each other, graphs read like one graph that was told everything in turn. */
import * as fc from 'fast-check';
import { type GraphState, Overlay, project, readerOf, Tables } from 'runlog/graph';
import { expect, test } from 'vitest';
import { type GraphEvent, graphEvent } from './graph-events.ts';

function tell(state: GraphState, events: readonly GraphEvent[]): void {
  for (const { type, payload } of events) project(state, type, payload);
}

/** Every read there is, by every type and every end. */
function everything(state: GraphState): unknown {
  const graph = readerOf(state);
  const ends = ['o#1', 'o#2', 'o#3', 'o#4'];
  return {
    objects: [undefined, 'a', 'b'].map((type) => graph.objects(type)),
    relations: [{}, { type: 'a' }, { type: 'b' }].map((filter) => graph.relations(filter)),
    from: ends.map((source) => graph.relations({ source })),
    to: ends.map((target) => graph.relations({ target, type: 'a' })),
    near: ends.map((id) => graph.neighborhood(id, 2)),
    patches: graph.patches(),
    byId: ends.map((id) => graph.object(id)),
    relationById: ['rel_001', 'rel_002', 'rel_003'].map((id) => graph.relation(id)),
    patchById: ['patch_001', 'patch_002'].map((id) => graph.patch(id)),
  };
}

const events = fc.array(graphEvent, { maxLength: 25 });

test('an overlay over a graph reads like one graph', () => {
  fc.assert(
    fc.property(events, events, (below, above) => {
      const whole = new Tables();
      tell(whole, [...below, ...above]);
      const tables = new Tables();
      tell(tables, below);
      const before = everything(tables);
      const overlay = new Overlay(tables);
      tell(overlay, above);
      expect(everything(overlay)).toEqual(everything(whole));
      expect(everything(tables)).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

test('an overlay over an overlay reads like one graph, and so does it when the lower one is emptied downwards', () => {
  fc.assert(
    fc.property(events, events, events, (lowest, middle, highest) => {
      const whole = new Tables();
      tell(whole, [...lowest, ...middle, ...highest]);
      const tables = new Tables();
      tell(tables, lowest);
      const between = new Overlay(tables);
      tell(between, middle);
      const above = new Overlay(between);
      tell(above, highest);
      expect(everything(above)).toEqual(everything(whole));
      tell(tables, middle);
      between.clear();
      expect(everything(above)).toEqual(everything(whole));
    }),
    { numRuns: 500 },
  );
});
