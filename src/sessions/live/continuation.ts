/** Decides in which ways an agent may learn what was said before its run. */

/**
 * How an agent learns what was said before: not at all (`false`), told again (`replay`), by going on in its own session (`native`),
 * or natively where it has one and told again where not (`auto`).
 */
export type Continuation = false | 'auto' | 'replay' | 'native';

/** Tells a mode that there is. */
export function isContinuation(mode: unknown): mode is Continuation {
  return mode === false || mode === 'auto' || mode === 'replay' || mode === 'native';
}
