/** Decides what is told of the first place at which a run and its repetition part: where, what, who, and why most likely. */
import type { LogEvent } from '../../log/index.ts';
import type { Difference } from './compare.ts';

/**
 * `prompt_hash_mismatch`: a model is asked something else. `type_mismatch`: another event. `length_mismatch`: the repetition
 * ends before. `payload_mismatch`: the same event with something else in it.
 */
export type DivergenceKind =
  | 'prompt_hash_mismatch'
  | 'type_mismatch'
  | 'length_mismatch'
  | 'payload_mismatch';

export interface CauseLink {
  readonly eventId: string;
  readonly type: string;
  readonly actor: string | null;
}

/** The first event at which a verified replay and its record differ, what led there, and what probably changed since. */
export interface Divergence extends Difference {
  readonly kind: DivergenceKind;
  readonly seq: number;
  /** The recorded event. */
  readonly eventId: string;
  readonly eventType: string;
  /** Whose event it is; `null` for what no behavior made. */
  readonly behavior: string | null;
  /** The recorded event, what led to it, and so on. */
  readonly causeChain: readonly CauseLink[];
  /** What differs from what the run was driven with, likeliest first. Sentences for people. */
  readonly probablyChanged: readonly string[];
}

/** What a verified replay found: how much was compared, and the first divergence or null. */
export interface VerifyReport {
  readonly runId: string;
  /** Length of the log. */
  readonly events: number;
  /** How many of them were found again, or handed in because they came from outside. */
  readonly verified: number;
  readonly invocations: number;
  /** Calls of models and tools that were answered from the record. */
  readonly calls: number;
  /** `null` when the repetition is the run. */
  readonly divergence: Divergence | null;
}

export function kindOf(recorded: LogEvent, made: LogEvent | null, { field }: Difference): DivergenceKind {
  if (made === null || (isStop(made) && !isStop(recorded))) return 'length_mismatch';
  if (field === 'type') return 'type_mismatch';
  return field === 'payload.prompt_hash' ? 'prompt_hash_mismatch' : 'payload_mismatch';
}

function isStop({ type }: LogEvent): boolean {
  return type === 'runtime.idle' || type === 'runtime.budget_exhausted';
}

/** Who made an event: the behavior that its payload names, or the one that changed the graph. */
export function behaviorOf({ type, payload, actor }: LogEvent): string | null {
  const { behavior } = payload;
  if (typeof behavior === 'string') return behavior;
  return type.startsWith('runtime.') || actor === 'runtime' ? null : actor;
}

export function linkOf({ id, type, actor }: LogEvent): CauseLink {
  return { eventId: id, type, actor };
}
