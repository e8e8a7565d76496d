/** Decides how an invocation is told from the other invocations of its event: by behavior, and by edge for relation behaviors. */
import type { JsonObject } from '../../base/index.ts';

export function invocationKey(behavior: string, relationId: string | null): string {
  return relationId === null ? behavior : `${behavior}\u0000${relationId}`;
}

/** The key of the invocation that a lifecycle payload is about. */
export function keyOf(behavior: string, payload: JsonObject): string {
  return invocationKey(behavior, relationIdOf(payload));
}

export function relationIdOf(payload: JsonObject): string | null {
  const { relation_id: relationId } = payload;
  return typeof relationId === 'string' ? relationId : null;
}
