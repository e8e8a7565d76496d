/** Decides what a document beside the logs is, and how documents are asked for. */

/** A document beside the logs, written in the transaction of a commit. Versions count from 1. */
export interface RecordWrite {
  readonly kind: string;
  readonly id: string;
  /** 0: must not exist yet. `'any'`: last one wins. */
  readonly expectedVersion: number | 'any';
  /** JSON text; `null` removes the document. */
  readonly value: string | null;
  /**
   * By which a `SessionLogStore` finds the document: hints, as the `subject` of an event, not part of it. They replace all that
   * it had; a write without them leaves those.
   */
  readonly fields?: RecordFields;
}

/** Names of 1 to 64 characters, values of at most 300. A field may have several values. Order is that of code points. */
export type RecordFields = Readonly<Record<string, string | readonly string[]>>;

/** Which rows of a query fit by one field: one of these texts, or a range from (included) to before (excluded). */
export interface FieldCondition {
  readonly field: string;
  /** The field has one of these values. */
  readonly oneOf?: readonly string[];
  /** The field has a value that is this or stands behind it. */
  readonly from?: string;
  /** The field has a value that stands before this. */
  readonly before?: string;
  /** Asked of the documents of this kind that share a value of the field `by` with the one that is looked for: one of them fits. */
  readonly through?: FieldBridge;
}

/** Leads from a document to those of another kind that have the same value in a field. */
export interface FieldBridge {
  readonly kind: string;
  readonly by: string;
}

/** Which documents beside the logs, in which order. */
export interface RecordQuery {
  readonly kind: string;
  /** All of them hold. */
  readonly where?: readonly FieldCondition[];
  /**
   * The field by whose value the answer is ordered, and by id among equals; conditions on it are found without looking at the
   * other documents. It has to have one value.
   */
  readonly orderBy: string;
  readonly descending?: boolean;
  /** Goes on behind the document that has this value and this id. */
  readonly after?: { readonly value: string; readonly id: string };
}

/** How many rows of a query, and from which on. */
export interface RecordPage {
  readonly limit: number;
  readonly offset?: number;
}

/** A document beside the logs, with the version that a writer has to know. */
export interface StoredRecord {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly value: string;
  /** Only in what `recordsBelow` hands out, for a document that has some. */
  readonly fields?: RecordFields;
}
