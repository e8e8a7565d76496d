/**
 * Decides which event types people's code may write by itself: all but those by which a run reads its own state off the log.
 * An event of those types that nothing stands behind would make the log say what never happened.
 */
import { isQueueVisible } from '../log/index.ts';
import { reservedEventType } from './errors.ts';
import { graphEventTypes } from './project.ts';

const written: ReadonlySet<string> = new Set([
  ...graphEventTypes,
  'behavior.failed',
  'pack.loaded',
  'promote.applied',
]);

/** Throws `ReservedEventTypeError`. */
export function checkEmittedType(type: string): void {
  if (written.has(type) || !isQueueVisible(type)) throw reservedEventType({ eventType: type });
}
