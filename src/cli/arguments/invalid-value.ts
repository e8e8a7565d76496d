/** Decides how a value that an option does not take is refused, so that the library that reads command lines takes it for its own. */

/** Thrown by what reads a value; the message says what it has to be. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
  readonly code = 'commander.invalidArgument';
  readonly exitCode = 1;
}
