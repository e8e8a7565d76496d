/** Decides the JSON of the difference of two runs: the counts of the specification, then all details. A missing value is a missing key. */
import type { JsonObject } from '../../base/index.ts';
import type {
  ComparedRun,
  EventRef,
  FieldDifference,
  ObjectDifference,
  RelationDifference,
  RunDiff,
  SideUsage,
  Spent,
} from '../../runtime/index.ts';

/** `parent` is the run that was named first, `fork` the other one, whatever their kinship. */
export function runDiffToJson(diff: RunDiff): JsonObject {
  const { left, right, events, objects, relations, usage, kinship, forkPoint, past } = diff;
  return {
    parent_run_id: left.runId,
    fork_run_id: right.runId,
    is_identical: diff.isIdentical,
    shared_events: events.shared,
    parent_only_events: events.onlyLeft.length,
    fork_only_events: events.onlyRight.length,
    divergent_objects: objects.length,
    divergent_relations: relations.length,
    kinship: kinshipNames[kinship],
    fork_point: forkPoint === null ? null : eventToJson(forkPoint),
    inherited_events: past.inheritedSeq,
    equal_events: past.equalSeq,
    runs: { parent: runToJson(left), fork: runToJson(right) },
    usage: { parent: usageToJson(usage.left), fork: usageToJson(usage.right) },
    objects: objects.map(objectToJson),
    relations: relations.map(relationToJson),
    events: {
      only_in_parent: events.onlyLeft.map(eventToJson),
      only_in_fork: events.onlyRight.map(eventToJson),
    },
  };
}

const kinshipNames: Readonly<Record<RunDiff['kinship'], string>> = {
  same: 'same',
  'right-is-fork': 'fork',
  'left-is-fork': 'parent',
  siblings: 'siblings',
  none: 'none',
};

function runToJson({ runId, label, events, headHash, parent }: ComparedRun): JsonObject {
  return {
    run_id: runId,
    label,
    events,
    head_hash: headHash,
    parent_run_id: parent?.runId ?? null,
    forked_at_seq: parent?.atSeq ?? null,
  };
}

function usageToJson({ asked, cached }: SideUsage): JsonObject {
  return { asked: spentToJson(asked), from_record: spentToJson(cached) };
}

function spentToJson(spent: Spent): JsonObject {
  return {
    model_calls: spent.modelAnswers,
    tool_calls: spent.toolAnswers,
    input_tokens: spent.inputTokens,
    output_tokens: spent.outputTokens,
    cost_usd: spent.costUsd,
  };
}

function eventToJson({ id, seq, type, actor }: EventRef): JsonObject {
  return { id, seq, type, actor };
}

function objectToJson(object: ObjectDifference): JsonObject {
  return {
    ...elementToJson(object),
    parent_version: object.leftVersion,
    fork_version: object.rightVersion,
    ...changesToJson(object),
  };
}

function relationToJson(relation: RelationDifference): JsonObject {
  const { source, target } = relation;
  return { ...elementToJson(relation), source, target, ...changesToJson(relation) };
}

type Element = ObjectDifference | RelationDifference;

function elementToJson({ id, type, where }: Element): JsonObject {
  return { id, type, in_parent: where !== 'right', in_fork: where !== 'left' };
}

function changesToJson({ data, fields, leftEvents, rightEvents }: Element): JsonObject {
  return {
    ...(data === null ? {} : { data }),
    fields: fields.map(fieldToJson),
    parent_events: leftEvents.map(eventToJson),
    fork_events: rightEvents.map(eventToJson),
  };
}

function fieldToJson({ field, left, right, leftEvent, rightEvent }: FieldDifference): JsonObject {
  return {
    field,
    ...(left === undefined ? {} : { in_parent: left }),
    ...(right === undefined ? {} : { in_fork: right }),
    parent_event: leftEvent?.id ?? null,
    fork_event: rightEvent?.id ?? null,
  };
}
