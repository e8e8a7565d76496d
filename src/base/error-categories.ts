/** Decides the root and the categories of the error hierarchy; the leaves stand in the catalogue of the room that throws them. */
import { errorClass, type StructuredError } from './errors.ts';

/** Root of everything this product throws on purpose. */
export const RunlogError = errorClass('RunlogError', []);
export type RunlogError = StructuredError;

/** The caller put options together that cannot work. */
export const ConfigurationError = errorClass('ConfigurationError', RunlogError);
/** Options that exclude each other, or a value out of its range. */
export const InvalidRuntimeConfiguration = errorClass(
  'InvalidRuntimeConfiguration',
  ConfigurationError,
  RangeError,
);
/** A value of the wrong type at an entry point. */
export const InvalidArgumentType = errorClass('InvalidArgumentType', ConfigurationError, TypeError);
/** A call that the runtime's present state does not allow. */
export const IncompatibleRuntimeState = errorClass('IncompatibleRuntimeState', ConfigurationError);

/** Something was registered that does not fit what is there. */
export const RegistrationError = errorClass('RegistrationError', RunlogError);
/** A package that a feature needs is not installed. */
export const MissingOptionalDependency = errorClass('MissingOptionalDependency', RegistrationError);

/** A caller's mistake while a run is being driven. What happens inside a run is an event instead. */
export const ExecutionError = errorClass('ExecutionError', RunlogError);
/** A fault of this product itself. */
export const InternalEvaluatorError = errorClass('InternalEvaluatorError', ExecutionError, RangeError);

/** Recorded history and what was just computed do not agree. */
export const ReplayError = errorClass('ReplayError', RunlogError);

/** The log could not be read or written as asked. */
export const StorageError = errorClass('StorageError', RunlogError);

/** A graph pattern that is not understood. */
export const PatternError = errorClass('PatternError', RunlogError);

/** A pack that does not fit. */
export const PackError = errorClass('PackError', RunlogError);
