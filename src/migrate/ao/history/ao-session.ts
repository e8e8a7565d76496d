/** Decides what is known of a session of the Agent Orchestrator, whichever of its layouts kept it. */
import type { JsonObject } from '../../../base/index.ts';
import type { Beside } from './claude-transcript.ts';
import type { Transcript } from './transcript.ts';

export type AoEnd = 'completed' | 'failed' | 'cancelled';

export interface AoSession {
  /** Of its log: `ao:PROJECT:SESSION`, `ao-rewrite:PROJECT:SESSION`. */
  readonly id: string;
  /** The session that it worked for, of what a sub-agent did; else `null`. */
  readonly parentId: string | null;
  readonly projectId: string;
  readonly name: string;
  /** The program that worked, as it is called there. */
  readonly agent: string;
  readonly createdAt: string;
  /** `null` for one that was never started. */
  readonly startedAt: string | null;
  readonly updatedAt: string;
  /** `null` while it may go on. */
  readonly end: AoEnd | null;
  /** Everything that is kept of it there. */
  readonly facts: JsonObject;
  /** What was said; `null` when nothing of it is there. */
  readonly transcript: Transcript | null;
  readonly notes: readonly string[];
}

export interface AoSessions {
  readonly sessions: readonly AoSession[];
  /** What of the source is no session that can be read. */
  readonly notes: readonly string[];
}

/** The session, and one more for each sub-agent and each other file that its agent kept for it. */
export function withBesides(session: AoSession, besides: readonly Beside[]): readonly AoSession[] {
  return [
    session,
    ...besides.map(({ name, transcript }) => ({
      ...session,
      id: `${session.id}/${name}`,
      parentId: session.id,
      name,
      facts: { found_at: transcript.path },
      transcript,
      notes: [],
    })),
  ];
}
