/**
 * base: the floor that every other room stands on. Ids, clocks, chance, JSON, money, the validation seam, secrets and the error
 * hierarchy. It imports no other room and touches no platform: what it needs of one comes in as a function.
 */
export {
  type ArgumentForm,
  checkArguments,
  checkedOptions,
  checkParts,
  type GivenArguments,
  type PartForms,
  wrongArgument,
} from './argument-check.ts';
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
  docUrlOf,
  errorClass,
  isStructuredError,
  NotFoundError,
  type ErrorClass,
  type ErrorDetails,
  type StructuredError,
} from './errors.ts';
export {
  installEverythingLine,
  installLine,
  missingPackage,
  type OptionalFeature,
  optionalFeatures,
} from './optional-features.ts';
export { checkNewId, faultOfNewId } from './new-id.ts';
export { counterOf, eventIdAt, isEventIdAt, numberedId, objectId, seqOfEventId } from './ids.ts';
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
export { jsonText } from './json-text.ts';
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
export { checkOptionNames } from './option-names.ts';
export {
  type LogFacts,
  type LogField,
  logFields,
  type Logger,
  type LoggerName,
  type LogLevel,
  logLevels,
  LogOutlet,
  type LogOutletOptions,
} from './observe/logger.ts';
export {
  type BoundedTag,
  type CounterName,
  type CounterSpec,
  type GaugeName,
  type GaugeSpec,
  histogramBounds,
  type HistogramName,
  type HistogramSpec,
  type HistogramUnit,
  type MetricName,
  metricSpec,
  type MetricSpec,
  metricTable,
  ownMetricName,
  runMetrics,
  sessionMetrics,
  type TagsOf,
} from './observe/metric-table.ts';
export { type BoundedTags, type Metrics, MetricsOutlet, NoOpMetrics, type Tags } from './observe/metrics.ts';
export { attributeNames, operationNames, spanNames } from './observe/span-names.ts';
export {
  type OpenSpan,
  type SpanAttributes,
  type SpanStart,
  type SpanValue,
  type Tracing,
  TracingOutlet,
} from './observe/tracing.ts';
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
export { version } from './version.ts';
