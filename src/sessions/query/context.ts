/** Decides what the questions of this package are asked of: an open store, and what seals the cursors of its pages. */
import type { JsonObject, Sha256 } from '../../base/index.ts';
import { type EventForms, firstForms, type SearchableStore, type StoredRecord } from '../../log/index.ts';
import { type CursorSeal, openCursor, type Question, sealCursor } from './cursor.ts';

/** Rows about artifacts, wherever they are kept. */
export interface ArtifactRows {
  ofSession(sessionId: string): Promise<readonly JsonObject[]>;
}

/** What queries need: the store, the hash, the key that seals cursors. */
export interface QueryContext {
  readonly store: SearchableStore;
  readonly sha256: Sha256;
  /** Seals cursors; the id of the store by default. A secret of yours where cursors are handed to people who can read the store. */
  readonly cursorKey?: string;
  /** Raises the data of events to the form that this program knows. */
  readonly forms?: EventForms;
  readonly artifacts?: ArtifactRows;
}

export function formsOf({ forms = firstForms }: QueryContext): EventForms {
  return forms;
}

export function sealOf({ store, sha256, cursorKey }: QueryContext): CursorSeal {
  return { sha256, key: cursorKey ?? store.storeId };
}

/** The cursor behind a document, `value` being that of the field that orders the page; `null` behind none. */
export function cursorBehind(
  context: QueryContext,
  question: Question,
  last: StoredRecord | undefined,
  value: string,
): string | null {
  return last === undefined ? null : sealCursor({ value, id: last.id }, question, sealOf(context));
}

/** Where a page of documents begins. Throws `InvalidPageCursorError`. */
export function recordPlace(
  context: QueryContext,
  question: Question,
  cursor: unknown,
): { readonly after?: { readonly value: string; readonly id: string } } {
  if (cursor === undefined) return {};
  const { value = '', id = '' } = openCursor(cursor, question, sealOf(context));
  return { after: { value, id } };
}
