/**
 * Decides what a reference to query or maintenance is: an implementation and the context that it works on, handed over together.
 * There is no process behind it and no pool of its own; anything else is refused.
 */
import { isStructuredError } from '../base/index.ts';
import type { SessionErrorCode } from './errors/error-codes.ts';
import { sessionError } from './errors/session-error.ts';

/** An implementation with its context, as the original's stores are passed. */
export type Ref<Implementation, Context> = readonly [implementation: Implementation, context: Context];

interface Wanted {
  /** What the reference is to, as errors call it. */
  readonly name: string;
  readonly operations: readonly string[];
}

/** Throws `ValidationError` for anything but an implementation of all operations and a context. */
export function checkRef(ref: unknown, { name, operations }: Wanted): void {
  const pair: readonly unknown[] = Array.isArray(ref) && ref.length === 2 ? ref : [null, null];
  const [implementation, context] = pair;
  const lacks = operations.filter((operation) => !isFunction(implementation, operation));
  if (lacks.length === 0 && context !== null && context !== undefined) return;
  throw sessionError('validation_error', `a ${name} ref must be [implementation, context]`, {
    details: { lacks: [...lacks], has_context: context !== null && context !== undefined },
    howToFix: `Hand over both: an implementation of ${operations.join(', ')}, and what it works on.`,
  });
}

/** What an implementation throws that has no code of its own gets this one. */
export async function coded<Result>(code: SessionErrorCode, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (isStructuredError(cause)) throw cause;
    throw sessionError(code, undefined, { cause });
  }
}

function isFunction(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
}
