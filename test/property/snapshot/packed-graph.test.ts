/** A graph that is written down and begun with again reads like the graph that it was, now and after whatever comes then. */
import * as fc from 'fast-check';
import { project, Tables, tablesFromTexts, tablesToTexts } from 'runlog/graph';
import { expect, test } from 'vitest';
import { KeyIndex } from '../../../src/graph/packed/key-index.ts';
import { type GraphEvent, graphEvent } from '../graph-events.ts';
import { graphOf } from './loaded-whole.ts';

/** `asText`: with the payload as a store hands it out, which a graph may keep in place of what it says. */
function tell(tables: Tables, events: readonly GraphEvent[], asText: boolean): void {
  for (const { type, payload } of events)
    project(tables, type, payload, ...(asText ? [JSON.stringify(payload)] : []));
}

function begunAgain(tables: Tables): Tables {
  const texts = [...tablesToTexts(tables)].filter((text) => text !== null);
  return tablesFromTexts(texts) ?? new Tables();
}

const events = fc.array(graphEvent, { maxLength: 25 });

test('a graph begun with again reads like the one that was written down, whatever follows', () => {
  fc.assert(
    fc.property(events, events, fc.boolean(), fc.boolean(), (before, after, asText, isRead) => {
      const whole = new Tables();
      tell(whole, [...before, ...after], false);
      const first = new Tables();
      tell(first, before, asText);
      if (isRead) graphOf(first);
      const second = begunAgain(first);
      tell(second, after, asText);
      expect(graphOf(second)).toEqual(graphOf(whole));
      expect(graphOf(begunAgain(second))).toEqual(graphOf(whole));
    }),
    { numRuns: 500 },
  );
});

const operation = fc.record({
  kind: fc.constantFrom('add', 'add', 'drop', 'read'),
  key: fc.constantFrom('k', 'l'),
  id: fc.nat({ max: 14 }).map(String),
});

test('an index lists each id once, in the order in which it came', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), fc.nat({ max: 60 }), (operations, cutAt) => {
      const model = new Map<string, Set<string>>();
      let index = new KeyIndex(undefined);
      for (const [place, { kind, key, id }] of operations.entries()) {
        if (place === cutAt) {
          const entries = [...index.entries()];
          index = new KeyIndex(() => ({
            keys: entries.map(([each]) => each),
            counts: entries.map(([, ids]) => ids.length),
            ids: entries.flatMap(([, ids]) => ids),
          }));
        }
        const ids = model.get(key) ?? new Set();
        model.set(key, ids);
        if (kind === 'add') {
          if (!ids.has(id)) index.add(key, id);
          ids.add(id);
        } else if (kind === 'drop') {
          index.drop(key, id);
          ids.delete(id);
        } else expect([...(index.of(key) ?? [])]).toEqual([...ids]);
      }
      for (const [key, ids] of model) expect([...(index.of(key) ?? [])]).toEqual([...ids]);
    }),
    { numRuns: 1000 },
  );
});
