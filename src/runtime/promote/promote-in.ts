/**
 * Decides how a promotion becomes history: one event that names what was promoted by whom, then the changes as ordinary events
 * in the name of that person, all in one commit.
 */
import { formatInstant, type JsonObject } from '../../base/index.ts';
import {
  Changes,
  type Counters,
  DeclaredTypes,
  type Draft,
  draft,
  type GraphWriter,
  Overlay,
} from '../../graph/index.ts';
import type { Engine } from '../engine.ts';
import { approvalRequired } from '../errors.ts';
import { planPromotion } from './plan-promotion.ts';
import { isEmptyPlan, type PromotedPatch, type Promotion, type PromotionPlan } from './promotion.ts';
import type { ForkReading } from './read-fork.ts';

/** `stale` when the run has taken in more of the fork since it was read: read it again. Nothing is written on a conflict. */
export function promoteIn(engine: Engine, fork: ForkReading, by: string): Promotion | 'stale' {
  const { journal, state } = engine;
  const earlier = state.promotions.get(fork.forkId) ?? null;
  if (earlier !== null && earlier.forkSeq !== fork.sinceSeq) return 'stale';
  const plan = planPromotion(fork, { graph: journal.overlay, counters: state.counters, earlier });
  if (isEmptyPlan(plan) || plan.conflicts.length > 0) return { plan, by, eventId: null };
  checkGates(engine, plan);
  const eventId = journal.nextEventId;
  const drafts = changesOf(plan, {
    graph: new Overlay(journal.overlay),
    counters: state.counters,
    types: engine.types,
    by,
    eventId,
    frameId: journal.frameId,
    timestamp: formatInstant(journal.nowMs()),
  });
  journal.appendGroup(groupOf(plan, by, drafts));
  return { plan, by, eventId };
}

/** The events of a promotion by somebody, as they would be now; what packs declare is not looked at. */
export function rehearsePromotion(
  plan: PromotionPlan,
  into: { readonly graph: Overlay; readonly counters: Counters },
): readonly Draft[] {
  const drafts = changesOf(plan, {
    graph: into.graph,
    counters: { ...into.counters },
    types: new DeclaredTypes(),
    by: 'user',
    eventId: 'evt_001',
    frameId: null,
    timestamp: formatInstant(0),
  });
  return groupOf(plan, 'user', drafts);
}

interface Promoting {
  readonly graph: Overlay;
  readonly counters: Counters;
  readonly types: DeclaredTypes;
  readonly by: string;
  readonly eventId: string;
  readonly frameId: string | null;
  readonly timestamp: string;
}

function groupOf(plan: PromotionPlan, by: string, drafts: readonly Draft[]): readonly Draft[] {
  return [markerOf(plan, by, drafts.length), ...drafts];
}

function changesOf(plan: PromotionPlan, promoting: Promoting): readonly Draft[] {
  const { graph, counters, types, by, eventId, frameId, timestamp } = promoting;
  const changes = new Changes(graph, counters, {
    actor: by,
    causedBy: eventId,
    frameId,
    timestamp,
    types,
    checkGate: () => undefined,
    checkOpen: () => undefined,
    origin: () => ({}),
  });
  write(changes.writer(), plan, by);
  return changes.drafts;
}

/** What was granted in the fork is granted; nothing else gets round a policy by way of a fork. */
function checkGates({ policies }: Engine, { created }: PromotionPlan): void {
  for (const { type: objectType, isGranted } of created) {
    const policy = policies.find(({ requiresApproval }) => requiresApproval.includes(objectType));
    if (policy !== undefined && !isGranted) throw approvalRequired({ objectType, policy: policy.name });
  }
}

/** Things are made before they are named, and taken away last. */
function write(graph: GraphWriter, plan: PromotionPlan, by: string): void {
  for (const { type, data, evidence } of plan.created) graph.addObject(type, data, { evidence });
  for (const patch of plan.patched) applyPatch(graph, patch, { fork: plan.fork, by });
  for (const { source, target, type, data, evidence } of plan.relationsCreated)
    graph.addRelation(source, target, type, data, { evidence });
  for (const { id } of plan.relationsRemoved) graph.removeRelation(id);
  for (const { id } of plan.removed) graph.removeObject(id);
}

function applyPatch(
  graph: GraphWriter,
  { id, set, unset }: PromotedPatch,
  { fork, by }: { readonly fork: string; readonly by: string },
): void {
  const rationale = `promoted from ${fork}`;
  if (unset.length === 0) {
    graph.patchObject(id, set, { rationale });
    return;
  }
  // Only a replacement takes fields away.
  const kept = Object.entries(graph.object(id)?.data ?? {}).filter(([field]) => !unset.includes(field));
  const value = Object.fromEntries([...kept, ...Object.entries(set)]);
  const proposed = graph.proposePatch(id, { op: 'replace', value, rationale });
  graph.applyPatch(proposed.id, { approvedBy: by });
}

function markerOf(plan: PromotionPlan, by: string, events: number): Draft {
  const { fork, atEvent, forkHead, created, patched, removed, relationsCreated, relationsRemoved } = plan;
  const payload: JsonObject = {
    fork,
    at_event: atEvent,
    fork_head: { seq: forkHead.seq, hash: forkHead.hash },
    by,
    objects: Object.fromEntries(created.map(({ forkId, id }) => [forkId, id])),
    relations: Object.fromEntries(relationsCreated.map(({ forkId, id }) => [forkId, id])),
    counts: {
      objects_created: created.length,
      objects_patched: patched.length,
      objects_removed: removed.length,
      relations_created: relationsCreated.length,
      relations_removed: relationsRemoved.length,
      events,
    },
  };
  return draft({ type: 'promote.applied', payload, actor: by, causedBy: null, subject: null });
}
