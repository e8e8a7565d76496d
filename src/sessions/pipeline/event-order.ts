/** Decides the order of events that do not stand in a store: by number, then by time, then by id; what has no number comes last. */

export interface Ordered {
  readonly id: string;
  readonly sequenceNumber: number | null;
  readonly timestamp: string;
}

/** Orders events by number, then by time, then by id. */
export function compareEvents(left: Ordered, right: Ordered): number {
  const [first, second] = [left.sequenceNumber ?? Infinity, right.sequenceNumber ?? Infinity];
  if (first !== second) return first - second;
  return compareTexts(left.timestamp, right.timestamp) || compareTexts(left.id, right.id);
}

function compareTexts(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
