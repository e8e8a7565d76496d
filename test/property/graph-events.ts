/** Decides which graph events a law is tried with: few ids, so that elements are made, changed, dropped and made again. */
import * as fc from 'fast-check';
import type { JsonObject } from 'runlog';

export interface GraphEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

const objectIds = fc.constantFrom('o#1', 'o#2', 'o#3', 'o#4');
const relationIds = fc.constantFrom('rel_001', 'rel_002', 'rel_003');
const patchIds = fc.constantFrom('patch_001', 'patch_002');
const types = fc.constantFrom('a', 'b');
const data = fc.constantFrom<JsonObject>({}, { x: 1 }, { x: 2, y: null });

const objectCreated = fc.record({ id: objectIds, type: types, data }).map((object) => ({
  type: 'object.created',
  payload: { object: { ...object, version: 1, provenance: {} }, id: object.id },
}));
const relationCreated = fc
  .record({ id: relationIds, source: objectIds, target: objectIds, type: types, data })
  .map((relation) => ({ type: 'relation.created', payload: { relation: { ...relation, provenance: {} } } }));
const patched = fc
  .record({ id: patchIds, target: objectIds, op: fc.constantFrom('update', 'replace', 'bogus'), value: data })
  .chain((patch) =>
    fc.constantFrom('patch.proposed', 'patch.applied').map((type) => ({ type, payload: { patch } })),
  );

export const graphEvent: fc.Arbitrary<GraphEvent> = fc.oneof(
  { weight: 4, arbitrary: objectCreated },
  { weight: 4, arbitrary: relationCreated },
  { weight: 2, arbitrary: patched },
  {
    weight: 1,
    arbitrary: patchIds.map((id) => ({ type: 'patch.rejected', payload: { patch_id: id, reason: 'no' } })),
  },
  { weight: 2, arbitrary: objectIds.map((id) => ({ type: 'object.removed', payload: { id } })) },
  { weight: 2, arbitrary: relationIds.map((id) => ({ type: 'relation.removed', payload: { id } })) },
);
