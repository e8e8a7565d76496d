/** Decides which events the runtime reacts to. Three meanings of "lifecycle" are kept apart here, each with its own name. */

const silentPrefixes = [
  'behavior.',
  'relation_behavior.',
  'runtime.',
  'llm.',
  'tool.',
  'pattern.',
  'approval.',
];
const lifecyclePrefixes = ['behavior.', 'relation_behavior.', 'runtime.', 'llm.', 'tool.'];
const comparedAwayPrefixes = ['behavior.', 'relation_behavior.', 'runtime.'];

/**
 * True when an event enters the queue of the loop. A property of the type alone, never of who subscribes: the place of an
 * event in the queue is read back from the log by processes that know other behaviors. Failures enter, so that a run can
 * react to them.
 */
export function isQueueVisible(type: string): boolean {
  return type === 'behavior.failed' || !silentPrefixes.some((prefix) => type.startsWith(prefix));
}

/** True for what a behavior without `on` does not see. */
export function isLifecycle(type: string): boolean {
  return lifecyclePrefixes.some((prefix) => type.startsWith(prefix));
}

/** True for what a diff leaves out: how the loop went, not what came of it. */
export function isComparedAway(type: string): boolean {
  return comparedAwayPrefixes.some((prefix) => type.startsWith(prefix));
}
