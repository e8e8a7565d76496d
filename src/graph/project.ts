/**
 * Decides what each event does to a graph. Total and pure: every log that was ever written is accepted, also what a command
 * would refuse today; refusing is the business of the command side.
 */
import { type JsonObject, mergeObjects } from '../base/index.ts';
import { readObject, readPatch, readRelation } from './elements.ts';
import type { GraphState } from './state.ts';

/** The types of the events that change a graph. */
export const graphEventTypes: readonly string[] = [
  'object.created',
  'object.removed',
  'relation.created',
  'relation.removed',
  'patch.proposed',
  'patch.applied',
  'patch.rejected',
];

/** Applies one event. Events of other types change nothing. `text` is the payload as it is stored, if it is at hand. */
export function project(state: GraphState, type: string, payload: JsonObject, text?: string): void {
  switch (type) {
    case 'object.created': {
      const object = readObject(payload['object']);
      if (object !== undefined) state.putObject(object, text);
      return;
    }
    case 'object.removed':
      if (typeof payload['id'] === 'string') state.dropObject(payload['id']);
      return;
    case 'relation.created': {
      const relation = readRelation(payload['relation']);
      if (relation !== undefined) state.putRelation(relation, text);
      return;
    }
    case 'relation.removed':
      if (typeof payload['id'] === 'string') state.dropRelation(payload['id']);
      return;
    case 'patch.proposed': {
      const patch = readPatch(payload['patch']);
      if (patch !== undefined) state.putPatch(patch);
      return;
    }
    case 'patch.applied':
      projectApplied(state, payload);
      return;
    case 'patch.rejected':
      projectRejected(state, payload);
      return;
  }
}

function projectApplied(state: GraphState, payload: JsonObject): void {
  const patch = readPatch(payload['patch']);
  if (patch === undefined) return;
  state.putPatch({ ...patch, status: 'applied' });
  const target = state.object(patch.target);
  if (target === undefined) return;
  // An unknown op changes no data and still counts as a version: logs of the original hold such patches.
  let data = target.data;
  if (patch.op === 'update') data = mergeObjects(data, patch.value);
  if (patch.op === 'replace') data = patch.value;
  state.putObject({ ...target, data, version: target.version + 1 });
}

function projectRejected(state: GraphState, payload: JsonObject): void {
  const id = payload['patch_id'];
  const patch = typeof id === 'string' ? state.patch(id) : undefined;
  if (patch === undefined) return;
  const reason = payload['reason'];
  state.putPatch({
    ...patch,
    status: 'rejected',
    rejectionReason: typeof reason === 'string' ? reason : null,
  });
}
