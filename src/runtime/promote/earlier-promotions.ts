/** Decides how a run knows what it took in from its forks: the last promotion of each says how far it came, all of them which ids it gave. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';

export interface EarlierPromotion {
  /** The place in the fork's log up to which its changes were taken in. */
  readonly forkSeq: number;
  /** Id in the fork -> id in this run, for objects and for relations. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Takes in a `promote.applied` event. */
export function notePromotion(promotions: Map<string, EarlierPromotion>, payload: JsonObject): void {
  const { fork, fork_head: head } = payload;
  const forkSeq = head !== undefined && isJsonObject(head) ? head['seq'] : undefined;
  if (typeof fork !== 'string' || typeof forkSeq !== 'number') return;
  const before = promotions.get(fork)?.ids ?? [];
  const ids = new Map([...before, ...pairs(payload['objects']), ...pairs(payload['relations'])]);
  promotions.set(fork, { forkSeq, ids });
}

function pairs(value: JsonValue | undefined): readonly (readonly [string, string])[] {
  if (value === undefined || !isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, id]) => (typeof id === 'string' ? [[key, id] as const] : []));
}
