/** Decides how a promotion is refused: what is no fork of the run, and changes that contradict what the run did itself. */
import {
  ConfigurationError,
  errorClass,
  ExecutionError,
  type JsonObject,
  type JsonValue,
  type StructuredError,
} from '../../base/index.ts';
import type { PromotionConflict, PromotionPlan } from './promotion.ts';

/** The run is no direct fork of the run that is to take its changes in. */
export const PromoteLineageError = errorClass('PromoteLineageError', ConfigurationError);
/** Fork and parent changed the same thing; `context.conflicts` has all of them. */
export const PromoteConflictError = errorClass('PromoteConflictError', ExecutionError);

export function noFork(data: {
  forkId: string;
  parentId: string | null;
  actualParent: string | null;
}): StructuredError {
  const { forkId, parentId, actualParent } = data;
  return new PromoteLineageError({
    summary:
      parentId === null ? `run '${forkId}' is no fork` : `run '${forkId}' is no direct fork of '${parentId}'`,
    whatFailed:
      actualParent === null
        ? `'${forkId}' was to be promoted, and has no parent.`
        : `'${forkId}' was to be promoted into '${parentId}'; it was forked from '${actualParent}'.`,
    why: 'What a fork changed can only be told, and taken in, against the run that it was forked from.',
    howToFix:
      'List the runs and their parents with `runlog runs URL`. A fork of a fork is promoted one step at a time.',
    context: { fork: forkId, parent: actualParent },
  });
}

const shownConflicts = 10;

/** Makes the refusal of a promotion, with every conflict. */
export function promoteConflict({ fork, parent, conflicts }: PromotionPlan): StructuredError {
  const shown = conflicts.slice(0, shownConflicts).map((conflict) => `- ${conflictText(conflict)}`);
  const rest = conflicts.length - shown.length;
  return new PromoteConflictError({
    summary: `fork '${fork}' and run '${parent}' contradict each other in ${conflicts.length} ${conflicts.length === 1 ? 'place' : 'places'}`,
    whatFailed: [
      `Changes of '${fork}' were to be promoted into '${parent}', and nothing was written:`,
      ...shown,
      ...(rest === 0 ? [] : [`- and ${rest} more`]),
    ].join('\n'),
    why: 'Which of two decisions holds is for somebody to say who knows both; taking the later one would lose the other.',
    howToFix: `Look at both with \`runlog diff URL --run-a ${parent} --run-b ${fork}\`, bring the fork or the run to one value, and promote again.`,
    context: { fork, parent, conflicts: conflicts.map(conflictToJson) },
  });
}

function conflictText({ kind, id, field, parentEvent, forkEvent, ...values }: PromotionConflict): string {
  const events = ` (parent ${parentEvent ?? '?'}, fork ${forkEvent ?? '?'})`;
  switch (kind) {
    case 'both_changed':
      return `${id} data.${field}: was ${shown(values.atForkPoint)}, is ${shown(values.inParent)} in the parent and ${shown(values.inFork)} in the fork${events}`;
    case 'removed_in_parent':
      return `${id}: changed in the fork, removed in the parent${events}`;
    case 'removed_in_fork':
      return `${id}: changed in the parent, removed in the fork${events}`;
    case 'dangling_relation':
      return `${id}: the fork connects ${shown(values.inFork)}, an end of which the parent removed${events}`;
    default:
      return `${id}: removed in the fork, and connected by the parent since: ${shown(values.inParent)}${events}`;
  }
}

function conflictToJson(conflict: PromotionConflict): JsonObject {
  const { kind, id, field, atForkPoint, inParent, inFork, parentEvent, forkEvent } = conflict;
  return {
    kind,
    id,
    field,
    ...(atForkPoint === undefined ? {} : { at_fork_point: atForkPoint }),
    ...(inParent === undefined ? {} : { in_parent: inParent }),
    ...(inFork === undefined ? {} : { in_fork: inFork }),
    parent_event: parentEvent,
    fork_event: forkEvent,
  };
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
