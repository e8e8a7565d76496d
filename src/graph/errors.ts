/** Decides how the graph refuses a command: what was asked for is not there, or would leave the graph in a state that nobody can explain. */
import {
  ConfigurationError,
  errorClass,
  ExecutionError,
  type JsonValue,
  NotFoundError,
  PackError,
  PatternError,
  type StructuredError,
} from '../base/index.ts';

/** A change names an object, or a relation to remove, that the graph does not have. */
export const ObjectNotFoundError = errorClass('ObjectNotFoundError', ExecutionError, NotFoundError);
/** A patch was to be applied or rejected that nobody proposed. */
export const PatchNotFoundError = errorClass('PatchNotFoundError', ExecutionError, NotFoundError);
/** A relation was to be made whose source or target is not in the graph. */
export const DanglingRelationError = errorClass('DanglingRelationError', ExecutionError, NotFoundError);
/** The data of an object has a field `provenance` at its top. The runtime alone writes that field. */
export const ReservedFieldError = errorClass('ReservedFieldError', ConfigurationError, RangeError);
/** An event of a type that the runtime alone writes. */
export const ReservedEventTypeError = errorClass('ReservedEventTypeError', ConfigurationError, RangeError);
/** A patch was proposed with an operation other than `update` and `replace`. */
export const InvalidPatchOperation = errorClass('InvalidPatchOperation', ExecutionError, RangeError);
/** A patch was to be decided on that is applied or rejected already. */
export const InvalidPatchLifecycleState = errorClass(
  'InvalidPatchLifecycleState',
  ExecutionError,
  RangeError,
);
/** A pattern uses what the pattern language does not have. */
export const UnsupportedPatternError = errorClass('UnsupportedPatternError', PatternError, SyntaxError);
/** An object, a patch or a relation does not fit the type that was declared for it. */
export const PackSchemaViolation = errorClass('PackSchemaViolation', PackError, RangeError);

export function objectNotFound(data: { id: string; operation: string }): StructuredError {
  return new ObjectNotFoundError({
    summary: `object '${data.id}' not found`,
    whatFailed: `${data.operation} named object '${data.id}', which the graph does not have.`,
    why: 'A change of nothing would be recorded as if something had changed.',
    howToFix: 'Read the object first with `graph.object(id)`, or list them with `graph.objects(type)`.',
    context: { object_id: data.id, operation: data.operation },
  });
}

export function patchNotFound(data: { id: string; operation: string }): StructuredError {
  return new PatchNotFoundError({
    summary: `patch '${data.id}' not found`,
    whatFailed: `${data.operation} named patch '${data.id}', which was never proposed.`,
    why: 'Only what was proposed, and is in the log, can be decided on.',
    howToFix: 'List the proposals with `graph.patches()`.',
    context: { patch_id: data.id, operation: data.operation },
  });
}

export function danglingRelation(data: {
  relationType: string;
  missing: string;
  side: 'source' | 'target';
}): StructuredError {
  return new DanglingRelationError({
    summary: `relation '${data.relationType}' has no ${data.side}: object '${data.missing}' not found`,
    whatFailed: `A '${data.relationType}' relation was to be made whose ${data.side} '${data.missing}' is not in the graph.`,
    why: 'An edge into nothing is skipped by every reading of the graph, so the mistake would show nowhere.',
    howToFix: `Add the ${data.side} first and use the id that \`addObject\` returns.`,
    context: { relation_type: data.relationType, side: data.side, object_id: data.missing },
  });
}

export function reservedField(data: { objectType: string; field: string }): StructuredError {
  return new ReservedFieldError({
    summary: `field '${data.field}' of '${data.objectType}' is reserved`,
    whatFailed: `Data for '${data.objectType}' has a field '${data.field}' at its top.`,
    why: `'${data.field}' is written by the runtime alone, so that nobody can forge where an object comes from.`,
    howToFix: 'Call the field something else, or put it one level down.',
    context: { object_type: data.objectType, field: data.field },
  });
}

export function reservedEventType(data: { eventType: string }): StructuredError {
  return new ReservedEventTypeError({
    summary: `events of type '${data.eventType}' are written by the runtime alone`,
    whatFailed: `An event of type '${data.eventType}' was to be emitted by hand.`,
    why: 'A run reads its own state off these events; one with nothing behind it would make the log say what never happened.',
    howToFix:
      'Change the graph with `addObject`, `patchObject` and their like, or give the event a type of your own, such as `task.completed`.',
    context: { event_type: data.eventType },
  });
}

export function invalidPatchOperation(data: { op: string }): StructuredError {
  return new InvalidPatchOperation({
    summary: `patch operation '${data.op}' is not known`,
    whatFailed: `A patch was proposed with op '${data.op}'.`,
    why: 'A patch that does nothing would still count as a new version of its target.',
    howToFix: "Use 'update' (merge into the data) or 'replace' (put in place of the data).",
    context: { op: data.op },
  });
}

export function invalidPatchGroup(data: { found: string }): StructuredError {
  return new InvalidPatchOperation({
    summary: `patchObjects takes a list of patches, not ${data.found}`,
    whatFailed: `patchObjects was given ${data.found}.`,
    why: 'A group is applied as a whole or not at all, so each of its entries has to say what it changes.',
    howToFix: "Pass `[{ target: 'task#1', updates: { done: true } }]`.",
    context: {},
  });
}

export function patchedTwice(data: { id: string }): StructuredError {
  return new InvalidPatchOperation({
    summary: `object '${data.id}' is patched twice in one group`,
    whatFailed: `patchObjects named object '${data.id}' more than once.`,
    why: 'A group has one version check an object; the second patch would be checked against what the first one made.',
    howToFix: 'Put all changed fields of an object into one entry of the group.',
    context: { object_id: data.id },
  });
}

export function invalidPatchLifecycle(data: {
  id: string;
  status: string;
  operation: string;
}): StructuredError {
  return new InvalidPatchLifecycleState({
    summary: `patch '${data.id}' is ${data.status} already`,
    whatFailed: `${data.operation} was called on patch '${data.id}', which is ${data.status}.`,
    why: 'Applied and rejected are final: a decision that could be turned round later would be worth nothing.',
    howToFix: 'Propose a new patch.',
    context: { patch_id: data.id, current_status: data.status, operation: data.operation },
  });
}

export function schemaViolation(data: {
  what: string;
  owner: string | null;
  problem: string;
  allowed?: readonly string[];
  context: Readonly<Record<string, JsonValue>>;
}): StructuredError {
  return new PackSchemaViolation({
    summary: `${data.what} does not fit its schema: ${data.problem}`,
    whatFailed: `${data.what}${data.owner === null ? '' : ` (declared by '${data.owner}')`} was refused: ${data.problem}.`,
    why: 'Whoever reads the graph relies on the declared types; one exception makes every reading a guess.',
    howToFix:
      data.allowed === undefined
        ? 'Change the data so that it fits the declared schema.'
        : `Allowed here: ${data.allowed.join(', ')}.`,
    context: { ...data.context, ...(data.owner === null ? {} : { pack: data.owner }) },
  });
}
