/** Decides what the log says of the beginning and the end of an invocation. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import type { Draft, Relation } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { InstalledBehavior } from '../engine.ts';
import type { Match } from '../matching.ts';
import type { Entry } from '../run/journal.ts';

export function startedEntry({ behavior, relation }: Match, event: LogEvent): Entry {
  const common = { behavior: behavior.name, event_id: event.id, triggering_event_type: event.type };
  const by = { actor: 'runtime', causedBy: event.id };
  if (relation !== null) {
    const payload = { ...common, relation_type: relation.type, relation_id: relation.id };
    return { type: 'relation_behavior.started', ...by, payload };
  }
  const { object } = event.payload;
  const objectId = object !== undefined && isJsonObject(object) ? object['id'] : null;
  const payload = { ...common, triggering_object_id: typeof objectId === 'string' ? objectId : null };
  return { type: 'behavior.started', ...by, payload };
}

export interface CompletedInvocation {
  readonly behavior: InstalledBehavior;
  readonly event: LogEvent;
  readonly relation: Relation | null;
  readonly drafts: readonly Draft[];
  readonly toolCallCount: number;
}

/** Tool calls are told of where a model may have made them, and where there were any. */
export function completedPayload(ended: CompletedInvocation): JsonObject {
  const { behavior, event, relation, drafts, toolCallCount } = ended;
  return {
    behavior: behavior.name,
    event_id: event.id,
    ...(relation === null ? {} : { relation_id: relation.id }),
    ...countDrafts(drafts),
    ...(behavior.llm === null && toolCallCount === 0 ? {} : { tool_calls: toolCallCount }),
  };
}

const countedElsewhere = new Set([
  'object.removed',
  'relation.removed',
  'patch.rejected',
  'approval.proposed',
]);

function countDrafts(drafts: readonly Draft[]): JsonObject {
  const counts = {
    objects_created: 0,
    relations_created: 0,
    patches_applied: 0,
    patches_proposed: 0,
    events_emitted: 0,
  };
  for (const { type } of drafts) {
    if (type === 'object.created') counts.objects_created += 1;
    else if (type === 'relation.created') counts.relations_created += 1;
    else if (type === 'patch.applied') counts.patches_applied += 1;
    else if (type === 'patch.proposed') counts.patches_proposed += 1;
    else if (!countedElsewhere.has(type)) counts.events_emitted += 1;
  }
  return counts;
}
