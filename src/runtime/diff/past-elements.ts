/**
 * Decides how single elements are read out of a past of any length: from where the oldest of them was made, which is found by
 * halves because numbers of ids only grow, and only the events that are about them are parsed.
 */
import { counterOf } from '../../base/index.ts';
import { project, Tables } from '../../graph/index.ts';
import { decodeEvent, type LogStore, type StoredEvent } from '../../log/index.ts';
import type { PastNeeds } from './past-needs.ts';
import { touchedElement } from './touched-element.ts';

export interface Past {
  readonly store: LogStore;
  readonly logId: string;
  /** The last place that counts. */
  readonly toSeq: number;
}

/** What may happen to an object after it was made. */
const laterTypes = ['object.removed', 'patch.applied', 'relation.created', 'relation.removed'];

/** How far back, and among how many, the highest number is looked for. */
const recent = { places: 10_000, elements: 200 } as const;

/**
 * Tells of an id whether the past may have used it. Numbers only grow in what this product writes, so a number beyond the last
 * ones is new; other writers may choose ids as they like.
 */
export async function usedIds({ store, logId, toSeq }: Past): Promise<(id: string) => boolean> {
  const newest = { object: 0, relation: 0 };
  for (const kind of ['object', 'relation'] as const) {
    const places = { after: Math.max(0, toSeq - recent.places), before: toSeq + 1, reverse: true };
    const options = { ...places, limit: recent.elements, types: [`${kind}.created`] };
    for await (const page of store.read(logId, options)) {
      for (const stored of page) newest[kind] = Math.max(newest[kind], numberOf(stored, logId));
    }
  }
  return (id) => counterOf(id) <= (id.startsWith('rel_') ? newest.relation : newest.object);
}

/** The elements as they stood at the end of the past. What was not there is not in the tables. */
export async function pastElements(past: Past, needs: PastNeeds): Promise<Tables> {
  const { objects, relations, asMade } = needs;
  if (objects.size + relations.size === 0 || past.toSeq === 0) return new Tables();
  const made = await madeObjects(past, objects);
  if (made === null) return withCreations(past, needs);
  if (relations.size === 0 && asMade.size === objects.size) return made.tables;
  const from = Math.min(made.from, await placeOfOldest(past, 'relation.created', relations));
  await projectFrom(past, needs, { tables: made.tables, after: from, types: laterTypes });
  const isComplete = [...relations].every((id) => made.tables.relation(id) !== undefined);
  return isComplete ? made.tables : everythingFrom(past, needs, 0);
}

/** More objects than these are found sooner by reading on than by looking for each. */
const soughtObjects = 32;

/** Objects as they were made, and the place before the first of them; `null` where one is not found by its number. */
async function madeObjects(
  past: Past,
  ids: ReadonlySet<string>,
): Promise<{ readonly tables: Tables; readonly from: number } | null> {
  if (ids.size > soughtObjects) return null;
  const tables = new Tables();
  let from = past.toSeq;
  for (const id of ids) {
    const after = await placeBefore(past, 'object.created', counterOf(id));
    from = Math.min(from, after);
    const range = { after, before: Math.min(after + probePlaces, past.toSeq) + 1, types: ['object.created'] };
    for await (const page of past.store.read(past.logId, range)) {
      for (const stored of page.filter(({ subject }) => subject === id))
        project(tables, stored.type, decodeEvent(stored, past.logId).payload);
    }
    if (tables.object(id) === undefined) return null;
  }
  return { tables, from };
}

async function withCreations(past: Past, needs: PastNeeds): Promise<Tables> {
  const { objects, relations } = needs;
  const from = Math.min(
    await placeOfOldest(past, 'object.created', objects),
    await placeOfOldest(past, 'relation.created', relations),
  );
  const tables = await everythingFrom(past, needs, from);
  const isComplete =
    [...objects].every((id) => tables.object(id) !== undefined) &&
    [...relations].every((id) => tables.relation(id) !== undefined);
  // Other writers may have numbered otherwise.
  return isComplete || from === 0 ? tables : everythingFrom(past, needs, 0);
}

async function everythingFrom(past: Past, needs: PastNeeds, after: number): Promise<Tables> {
  const tables = new Tables();
  await projectFrom(past, needs, { tables, after, types: ['object.created', ...laterTypes] });
  return tables;
}

async function projectFrom(
  { store, logId, toSeq }: Past,
  needs: PastNeeds,
  { tables, after, types }: { tables: Tables; after: number; types: readonly string[] },
): Promise<void> {
  for await (const page of store.read(logId, { after, before: toSeq + 1, types })) {
    for (const stored of page) {
      if (isAbout(stored, needs)) project(tables, stored.type, decodeEvent(stored, logId).payload);
    }
  }
}

/** Without a subject, as in logs of other writers, only the payload can tell. */
function isAbout({ type, subject }: StoredEvent, { objects, relations, removed }: PastNeeds): boolean {
  if (subject === null || type.endsWith('.removed')) return true;
  if (type !== 'relation.created') return objects.has(subject);
  // Only the payload says what a relation touches; one too many stands on both sides.
  return removed.size > 0 || relations.has(subject);
}

/** The place before the oldest of some elements, or 0 where that cannot be told. */
async function placeOfOldest(past: Past, type: string, ids: ReadonlySet<string>): Promise<number> {
  let oldest = Number.POSITIVE_INFINITY;
  for (const id of ids) oldest = Math.min(oldest, counterOf(id));
  if (ids.size === 0) return past.toSeq;
  return placeBefore(past, type, oldest);
}

/** Places that a probe looks at for an event of the type. */
const probePlaces = 500;

/** A place before which no event of a type has a number of at least `number`. */
async function placeBefore({ store, logId, toSeq }: Past, type: string, number: number): Promise<number> {
  // An element of number n stands behind n - 1 others.
  let low = Math.min(Math.max(0, number - 1), toSeq);
  if (low < number - 1 || number < 1) return 0;
  let high = toSeq;
  while (high - low > probePlaces) {
    const middle = Math.floor((low + high) / 2);
    const found = await firstOf(store, logId, { after: middle, before: middle + probePlaces + 1, type });
    if (found === null) return low;
    if (found >= number) high = middle;
    else low = middle;
  }
  return low;
}

async function firstOf(
  store: LogStore,
  logId: string,
  { type, ...places }: { readonly after: number; readonly before: number; readonly type: string },
): Promise<number | null> {
  for await (const page of store.read(logId, { ...places, types: [type], limit: 1 })) {
    const [stored] = page;
    if (stored !== undefined) return numberOf(stored, logId);
  }
  return null;
}

/** The number of the element that an event made. */
function numberOf(stored: StoredEvent, logId: string): number {
  const id = stored.subject ?? touchedElement(stored.type, decodeEvent(stored, logId).payload);
  return id === null ? 0 : counterOf(id);
}
