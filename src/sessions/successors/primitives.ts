/** Decides what somebody has to bring who wants to keep sessions in the simplest way: four primitives, of which one writes. */
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';

/** Everything of one session. */
export interface SessionState {
  readonly session: Session | null;
  readonly runs: readonly Execution[];
  /** In the order of their numbers, which count from 1. */
  readonly events: readonly SessionEvent[];
}

/** The least that a store of sessions must do; the rest is made of it. */
export interface SessionPrimitives {
  /** Everything of a session; `null` when nothing was written of it. */
  load(sessionId: string): Promise<SessionState | null>;
  /** Puts a state in the place of the one before, all or nothing; `null` removes it. Durable when it resolves. */
  replace(sessionId: string, state: SessionState | null): Promise<void>;
  /** The ids of all sessions. */
  list(): Promise<readonly string[]>;
  /** The session that a run belongs to; `null` for a run that is not there. */
  sessionOf(runId: string): Promise<string | null>;
}
