// Decides what the pages about refused promotions say.
import * as promote from '../src/runtime/promote/errors.ts';
import type { PromotionPlan } from '../src/runtime/promote/promotion.ts';

const conflictingPlan: PromotionPlan = {
  fork: 'careful',
  parent: 'run_x',
  atEvent: 'evt_004',
  sinceSeq: 4,
  forkHead: { seq: 9, hash: '0'.repeat(64) },
  created: [],
  patched: [],
  removed: [],
  relationsCreated: [],
  relationsRemoved: [],
  conflicts: [
    {
      kind: 'both_changed',
      id: 'offer#1',
      field: 'price',
      atForkPoint: 100,
      inParent: 95,
      inFork: 90,
      parentEvent: 'evt_007',
      forkEvent: 'evt_008',
    },
  ],
};

export const promotions = {
  PromoteLineageError: {
    meaning: 'A run was to be promoted into a run that it was not forked from, or is no fork at all.',
    sample: () => promote.noFork({ forkId: 'grandchild', parentId: 'run_x', actualParent: 'child' }),
  },
  PromoteConflictError: {
    meaning:
      'A fork and its parent changed the same thing since they parted. Nothing was promoted; `context.conflicts` lists every conflict with its values and events.',
    sample: () => promote.promoteConflict(conflictingPlan),
  },
};
