/** A group of patches does what a plain model does: all of it when every version is the present one, and nothing otherwise. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOf, openFixed } from '../harness/fixed-run.ts';
import { replayed } from '../harness/graph-json.ts';

const object = fc.nat({ max: 4 });
const entry = fc.record({
  object,
  field: fc.constantFrom('a', 'b', '__proto__'),
  value: fc.constantFrom(1, 2, null),
  /** How far the expected version is behind; 0 is the present one, `null` leaves it out. */
  behind: fc.constantFrom(0, 0, 0, null, 1),
});
const groups = fc.array(fc.uniqueArray(entry, { selector: ({ object: id }) => id, maxLength: 4 }), {
  maxLength: 8,
});

interface Modelled {
  version: number;
  data: Map<string, unknown>;
}

test('groups of patches follow the model, live and replayed', async () => {
  await fc.assert(
    fc.asyncProperty(groups, async (asked) => {
      const model: Modelled[] = Array.from({ length: 5 }, () => ({ version: 1, data: new Map() }));
      const run = await openFixed();
      await run.mutate((graph) => {
        for (const _ of model) graph.addObject('o', {});
      });
      for (const group of asked) {
        const isStale = group.some(({ behind }) => behind === 1);
        const patches = await run.mutate((graph) =>
          graph.patchObjects(
            group.map(({ object: index, field, value, behind }) => ({
              target: `o#${index + 1}`,
              updates: Object.fromEntries([[field, value]]),
              ...(behind === null ? {} : { expectedVersion: (model[index]?.version ?? 0) - behind }),
            })),
          ),
        );
        expect(patches.map(({ status }) => status)).toEqual(
          group.map(() => (isStale ? 'rejected' : 'applied')),
        );
        for (const { object: index, field, value } of isStale ? [] : group) {
          const changed = model[index];
          changed?.data.set(field, value);
          if (changed !== undefined) changed.version += 1;
        }
      }
      for (const graph of [run.graph, replayed(await eventsOf(run))]) {
        expect(graph.objects().map(({ version, data }) => [version, new Map(Object.entries(data))])).toEqual(
          model.map(({ version, data }) => [version, data]),
        );
      }
      await run.close();
    }),
    { numRuns: 100 },
  );
});
