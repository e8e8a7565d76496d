/** Decides on what graph the tests of this pack try single functions: an empty one that knows the pack's types, with no run behind it. */
import {
  Changes,
  DeclaredTypes,
  type GraphWriter,
  Overlay,
  Tables,
  zeroCounters,
} from '../../graph/index.ts';
import { objectTypes } from './object-types.ts';
import { relationTypes } from './relation-types.ts';

export interface ScratchGraph {
  readonly graph: GraphWriter;
  /** Payloads of the events of a type so far. */
  readonly emitted: (type: string) => readonly unknown[];
}

export function scratchGraph(): ScratchGraph {
  const types = new DeclaredTypes();
  for (const type of objectTypes) types.declareObject(type, 'diligence');
  for (const type of relationTypes) types.declareRelation(type, 'diligence');
  const changes = new Changes(new Overlay(new Tables()), zeroCounters(), {
    actor: 'test',
    causedBy: null,
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    types,
    checkGate: () => undefined,
    checkOpen: () => undefined,
    origin: () => ({}),
  });
  return {
    graph: changes.writer(),
    emitted: (wanted) => changes.drafts.filter(({ type }) => type === wanted).map(({ payload }) => payload),
  };
}
