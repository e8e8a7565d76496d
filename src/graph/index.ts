/**
 * graph: typed objects and relations as a projection of a log, what may be done to them, and how they are read. Receives
 * decoded events from runtime, hands drafts of new events back; it appends nothing itself.
 */
export {
  DeclaredTypes,
  type ObjectType,
  objectType,
  type RelationType,
  relationType,
} from './declared-types.ts';
export { DeferredEvents, type ReadDeferred } from './deferred-events.ts';
export {
  type ComparedGraph,
  diffGraphs,
  type ElementChange,
  type FieldChange,
  type GraphDiff,
  type SideBySide,
} from './diff.ts';
export { countEvent, type Counters, type Draft, draft, zeroCounters } from './draft.ts';
export { type GraphObject, objectToJson, type Patch, type PatchStatus, type Relation } from './elements.ts';
export {
  DanglingRelationError,
  InvalidPatchLifecycleState,
  InvalidPatchOperation,
  ObjectNotFoundError,
  PackSchemaViolation,
  PatchNotFoundError,
  ReservedEventTypeError,
  ReservedFieldError,
  UnsupportedPatternError,
} from './errors.ts';
export { Changes } from './changes.ts';
export { checkEmittedType } from './emitted-type.ts';
export { Overlay } from './overlay.ts';
export { tablesFromTexts, tablesToTexts } from './packed/packed-tables.ts';
export { graphEventTypes, project } from './project.ts';
export { type GraphReader, type Neighborhood, readerOf, type RelationFilter } from './reader.ts';
export { type GraphState, Tables } from './state.ts';
export {
  checkViewSpec,
  openView,
  recentEventsDefault,
  recentEventsLimit,
  type View,
  type ViewSpec,
} from './view.ts';
export { checkWhere, matchesWhere, valueAt, type Where, whereRoot } from './where.ts';
export type {
  AddOptions,
  GraphWriter,
  GroupedPatch,
  PatchOptions,
  ProposeOptions,
  WriterContext,
} from './writer.ts';
