/**
 * base: the floor that every other room stands on. Ids, clocks, chance, JSON, money, the validation seam, secrets and the error
 * hierarchy. It imports no other room and touches no platform: what it needs of one comes in as a function.
 */
export { type Clock, formatInstant, frozenClock, logicalClock } from './clock.ts';
export {
  ConfigurationError,
  ExecutionError,
  IncompatibleRuntimeState,
  InternalEvaluatorError,
  InvalidArgumentType,
  InvalidRuntimeConfiguration,
  MissingOptionalDependency,
  PackError,
  PatternError,
  RegistrationError,
  ReplayError,
  RunlogError,
  StorageError,
} from './error-categories.ts';
export {
  errorClass,
  isStructuredError,
  NotFoundError,
  type ErrorClass,
  type ErrorDetails,
  type StructuredError,
} from './errors.ts';
export { counterOf, eventIdAt, numberedId, objectId, seqOfEventId } from './ids.ts';
export {
  canonicalJson,
  deepFreeze,
  defineKey,
  isJsonArray,
  isJsonObject,
  jsonEqual,
  mergeObjects,
  type JsonArray,
  type JsonObject,
  type JsonPrimitive,
  type JsonValue,
} from './json.ts';
export {
  addUsd,
  compareUsd,
  formatUsd,
  isUsd,
  multiplyUsd,
  readUsd,
  subtractUsd,
  type Usd,
  zeroUsd,
} from './money.ts';
export { nearestNames } from './nearest-names.ts';
export type { CancelSignal, Canceller, Sha256, Sleep } from './platform.ts';
export { type Random, seededRandom, ulid } from './random.ts';
export { isSchema, jsonSchemaOf, type Schema, validate, type Validated } from './schema.ts';
export { shellWord } from './shell-word.ts';
export {
  type OnSecret,
  type RedactedStream,
  redactor,
  type Redactor,
  type RedactorOptions,
  type StreamMark,
} from './secrets/redactor.ts';
export { secretCategories, type SecretPattern } from './secrets/secret-patterns.ts';
