/**
 * The place where events wait while the store is away; knows no file.
 *
 * What every spool promises: events come out in the order in which they went in; a resolved `append` survives the death of the
 * process; a batch is there as a whole or not at all; what is read stays until it is removed.
 */
import type { SessionEvent } from '../model/session-event.ts';

/** Events of a spool, and the place behind the last. */
export interface SpoolPage {
  /** At least one event, oldest first. */
  readonly events: readonly SessionEvent[];
  /** Says where the page ends. */
  readonly end: number;
}

/** Keeps events in order while the store is away. What was appended survives the process. */
export interface EventSpool {
  readonly isEmpty: boolean;
  /** Resolves when the events survive the death of the process. Rejects with a `StorageError`. */
  append(events: readonly SessionEvent[]): Promise<void>;
  /** The oldest events, at most about `limit`; `null` when there are none. */
  read(limit: number): Promise<SpoolPage | null>;
  /** Forgets everything up to the end of a page. */
  removeTo(end: number): Promise<void>;
  /** Keeps an event that the store refused for good, out of the way, for somebody to look at. */
  setAside(event: SessionEvent, reason: string): Promise<void>;
}
