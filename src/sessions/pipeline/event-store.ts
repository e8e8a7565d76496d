/** Decides what the pipeline needs of a session store: to append events, all or nothing, and to look at those that are there. */
import type { SessionStore } from '../store/port.ts';

/** The two methods of a session store that a pipeline needs. */
export type EventStore = Pick<SessionStore, 'appendEvents' | 'getEvents'>;
