/** Decides where a run may be cut: nowhere inside of what was written as one piece. */
import { isJsonArray, isJsonObject } from '../base/index.ts';
import { decodeEvent, type LogStore, type StoredEvent } from '../log/index.ts';
import { insideMutationBatch } from './errors.ts';

const started = ['behavior.started', 'relation_behavior.started'];
const ended = ['behavior.completed', 'behavior.failed'];

/**
 * Refuses a cut that would tear apart what was written together: the changes of an invocation, a grant and its object, a
 * promotion, the patches of a group.
 */
export async function checkForkPoint(store: LogStore, runId: string, event: StoredEvent): Promise<void> {
  const torn =
    event.type === 'approval.granted'
      ? await tornGrant(store, runId, event)
      : ((await tornChanges(store, runId, event)) ??
        (await tornPromotion(store, runId, event)) ??
        (await tornGroup(store, runId, event)));
  if (torn !== null) throw insideMutationBatch({ runId, eventId: event.id, ...torn });
}

/** The two nearest places at which nothing is torn apart, as event ids; `null` when this one is such a place. */
type Torn = { readonly before: string; readonly after: string } | null;

/** The changes of an invocation stand between its last call and its end. */
async function tornChanges(store: LogStore, runId: string, event: StoredEvent): Promise<Torn> {
  const opening = await first(store, runId, {
    before: event.seq + 1,
    types: [...started, ...ended],
    reverse: true,
  });
  if (opening === undefined || !started.includes(opening.type) || event.seq === opening.seq) return null;
  // What came in from outside meanwhile is caused by something else.
  if (isCall(event.type) || event.causedBy !== opening.causedBy) return null;
  const end = await first(store, runId, { after: event.seq, types: ended });
  if (end === undefined) return null;
  const lastCall = await first(store, runId, {
    before: event.seq,
    types: [...started, 'llm.responded', 'tool.responded'],
    reverse: true,
  });
  return { before: lastCall?.id ?? opening.id, after: end.id };
}

/** The object of a grant stands right behind it. */
async function tornGrant(store: LogStore, runId: string, event: StoredEvent): Promise<Torn> {
  const next = await first(store, runId, { after: event.seq });
  if (next?.causedBy !== event.id) return null;
  const previous = await first(store, runId, { before: event.seq, reverse: true });
  return { before: previous?.id ?? event.id, after: next.id };
}

/** The changes of a promotion stand right behind the event that counts them. */
async function tornPromotion(store: LogStore, runId: string, event: StoredEvent): Promise<Torn> {
  const marker = event.type === 'promote.applied' ? event : await causeOf(store, runId, event);
  if (marker?.type !== 'promote.applied') return null;
  const { counts } = decodeEvent(marker, runId).payload;
  const events = counts !== undefined && isJsonObject(counts) ? counts['events'] : 0;
  return typeof events === 'number' ? tornBlock(store, runId, event, marker.seq, marker.seq + events) : null;
}

/** The patches of a group stand side by side, in the order in which each of them names all. */
async function tornGroup(store: LogStore, runId: string, event: StoredEvent): Promise<Torn> {
  if (event.type !== 'patch.applied' && event.type !== 'patch.rejected') return null;
  const { group, patch, patch_id: rejected } = decodeEvent(event, runId).payload;
  if (group === undefined || !isJsonArray(group)) return null;
  const place = group.indexOf(
    patch !== undefined && isJsonObject(patch) ? (patch['id'] ?? null) : (rejected ?? null),
  );
  if (place < 0) return null;
  const start = event.seq - place;
  return tornBlock(store, runId, event, start, start + group.length - 1);
}

/** What stands between the first and the last place is one block; behind its last event it is whole. */
async function tornBlock(
  store: LogStore,
  runId: string,
  event: StoredEvent,
  start: number,
  end: number,
): Promise<Torn> {
  if (event.seq < start || event.seq >= end) return null;
  const previous = await first(store, runId, { before: start, reverse: true });
  const last = await first(store, runId, { after: end - 1 });
  return last === undefined ? null : { before: previous?.id ?? last.id, after: last.id };
}

async function causeOf(
  store: LogStore,
  runId: string,
  { type, causedBy }: StoredEvent,
): Promise<StoredEvent | undefined> {
  const isChange = /^(object|relation|patch)\./.test(type);
  return isChange && causedBy !== null ? store.get(runId, causedBy) : undefined;
}

function isCall(type: string): boolean {
  return type.startsWith('llm.') || type.startsWith('tool.');
}

async function first(
  store: LogStore,
  runId: string,
  options: { after?: number; before?: number; types?: readonly string[]; reverse?: boolean },
): Promise<StoredEvent | undefined> {
  for await (const page of store.read(runId, { ...options, limit: 1 })) return page[0];
  return undefined;
}
