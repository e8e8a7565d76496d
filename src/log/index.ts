/**
 * log: the append-only log, its events, its hash chain and the store port. It decides what is true about history in every
 * store; which database keeps it is an adapter's business. Receives rows from runtime and sessions, hands rows and heads back.
 */
export { ChainCheck } from './chain-check.ts';
export {
  type CommitPlan,
  firstPartOf,
  isStray,
  type LogState,
  type PartPlan,
  planCommit,
  planFork,
  planNextPlaces,
  planPlainAppend,
} from './commit-plan.ts';
export { checkCall } from './shape/call-forms.ts';
export { checkNewLog, checkShape } from './shape/commit-shape.ts';
export {
  AtomicCommitUnsupportedError,
  atomicCommitUnsupported,
  ConcurrentWriterError,
  concurrentWriter,
  CorruptedEventPayloadError,
  corruptedPayload,
  DamagedHistoryError,
  damagedHistory,
  DuplicateEventError,
  EventNotFoundError,
  eventNotFound,
  FencedError,
  ForeignDatabaseError,
  InvalidCursorError,
  InvalidEventError,
  invalidEvent,
  isDamage,
  NonSerializableEventError,
  RunExistsError,
  runExists,
  RunNeededError,
  runNeeded,
  RunNotFoundError,
  runNotFound,
  RunOwnedError,
  runOwned,
  SchemaVersionMismatch,
  StoreClosedError,
  storeClosed,
  StoreNotFoundError,
  StoreUnavailableError,
  UnknownCommitError,
  unknownCommit,
} from './errors.ts';
export {
  decodeEvent,
  decodePayload,
  eventToJson,
  type EventRow,
  type LogEvent,
  parseJson,
  type StoredEvent,
  type StoredPayload,
  storedTextOf,
} from './event.ts';
export { isComparedAway, isLifecycle, isQueueVisible } from './event-types.ts';
export { chainHash, genesisHash, hashLine, sameLine } from './hash-line.ts';
export { intake, intakeLimits, intakePayload, type Taken } from './intake.ts';
export { checkForkPoint, lineageOfFork, lineageProblem, type Stretch, stretchesOf } from './lineage.ts';
export { withoutCredentials } from './location.ts';
export {
  type LoopAppendOptions,
  openLoopAppendStore,
  type SingleAppendStore,
  type SinglePart,
} from './loop-append-store.ts';
export { loadMemoryStore } from './memory/load-memory-store.ts';
export { MemoryDatabase } from './memory/memory-database.ts';
export { type MemoryStoreOptions, openMemoryStore } from './memory/memory-store.ts';
export {
  append,
  type Awaited,
  commitLimits,
  type CommitPart,
  type Committed,
  type Head,
  isSessionLogStore,
  type Lease,
  type LogCopy,
  type LogInfo,
  type LogKind,
  type LogStore,
  type NewFork,
  type NewLog,
  type Owner,
  type ReadOptions,
  type Segment,
  type SessionLogStore,
  type SessionPart,
  type StoreCapabilities,
  type TailEvent,
  type TailOptions,
  type TailPage,
  type WholeLogStore,
} from './port.ts';
export {
  type FieldBridge,
  type FieldCondition,
  type RecordFields,
  type RecordPage,
  type RecordQuery,
  type RecordWrite,
  type StoredRecord,
} from './records/record.ts';
export { fieldPairs } from './records/record-fields.ts';
export { compareIds, planRecords, type RecordPlan, refuseThere } from './records/record-plan.ts';
export {
  damagedStore,
  foreignDatabase,
  foreignLayout,
  newerLayout,
  newStoreAdvice,
  poorLayout,
  schemaVersionMismatch,
  storeNotFound,
  storeUnavailable,
  type UnavailableReason,
} from './store-errors.ts';
export {
  type EventPlace,
  type EventQuery,
  type FoundEvent,
  type GroupField,
  isSearchableStore,
  keepsItsPayloads,
  type LogSearch,
  type RecordGroup,
  type RecordSums,
  type Redaction,
  type SearchableStore,
  sortedGroups,
} from './search/search.ts';
export type { GroundFault, LogFound, Mend, OwnerFound, RowFound, StoredRows } from './stored-rows.ts';
export { follow, type Following, type StorePage, TailBell, Tails } from './tail.ts';
export {
  payloadHashOf,
  readTombstone,
  type RedactionNote,
  type Tombstone,
  tombstoneText,
} from './search/tombstone.ts';
export { Waiters } from './waiters.ts';
export { EventForms, firstForms, upcast, type Upcast, type UpcastFunction } from './upcast.ts';
export { InvalidUpcastError, UpcastError } from './upcast-errors.ts';
export { readFirstPage, readInWindows, type ReadWindow } from './tables/read-windows.ts';
export {
  asCount,
  asMoment,
  decodeRow,
  textOf,
  textOrNull,
  UnreadableCell,
  unreadableCell,
} from './tables/cells.ts';
export {
  decodeLineage,
  encodeLineage,
  kindOf,
  type LogCells,
  logInfoOf,
  soundPast,
} from './tables/log-cells.ts';
