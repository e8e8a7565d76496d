/**
 * Decides what a store shows to whoever looks for damage: its rows as they stand, one by one, without the promises of the port,
 * because these may be what is broken. Only rows that follow from history can be changed this way.
 */
import type { StoredEvent } from './event.ts';
import type { LogKind, Segment } from './port.ts';
import type { StoredRecord } from './records/record.ts';

/** A row under its key, or why it cannot be read. */
export type RowFound<Row> =
  | { readonly ok: true; readonly row: Row }
  | { readonly ok: false; readonly key: string; readonly problem: string };

/** A row of the list of logs. Nothing says that its cells fit each other. */
export interface LogFound {
  /** The key under which its events are kept; rises in the order in which logs were made. */
  readonly number: number;
  readonly id: string;
  readonly kind: LogKind;
  readonly seq: number;
  readonly hash: string;
  readonly hasStrayIds: boolean;
  readonly parent: string | null;
  readonly forkSeq: number;
  readonly forkHash: string;
  readonly lineage: readonly Segment[];
}

/** A handle that says that it writes. */
export interface OwnerFound {
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  readonly expiresAt: string;
  /** `lapsed`: its lease has ended. `gone`: its process of this machine is. */
  readonly state: 'alive' | 'lapsed' | 'gone';
}

/**
 * What is wrong below the rows. `index`: an index does not fit its table. `unchecked`: what could not be looked at. `foreign`: what
 * no store has, and changes nothing by being there. `meddler`: what no store has, and acts when rows of the store are written.
 */
export interface GroundFault {
  readonly kind: 'file' | 'index' | 'lost-tail' | 'unchecked' | 'foreign' | 'meddler';
  /** One sentence. */
  readonly what: string;
}

/** A change to what follows from history. Each is made only if the row still is as it was found. */
export type Mend =
  | { readonly kind: 'reindex' }
  | { readonly kind: 'drop-record'; readonly record: Pick<StoredRecord, 'kind' | 'id' | 'version'> }
  | { readonly kind: 'forget-owner'; readonly owner: OwnerFound }
  | {
      readonly kind: 'move-head';
      readonly log: LogFound;
      readonly to: { readonly seq: number; readonly hash: string };
    }
  | { readonly kind: 'mark-stray-ids'; readonly log: LogFound }
  | {
      readonly kind: 'set-subject';
      readonly log: LogFound;
      readonly seq: number;
      readonly from: string;
      readonly to: string;
    };

/** A look at all rows of a store as they were at one moment, also while others write. Close it after use. */
export interface StoredRows {
  /** What errors and reports call the store, without credentials. */
  readonly location: string;
  /** Asked once, and before everything else. */
  ground(): Promise<readonly GroundFault[]>;
  /** How many logs there are, and how many events their rows speak of. */
  size(): Promise<{ readonly logs: number; readonly events: number }>;
  /** The next page of logs behind a number, in order; empty at the end. */
  logs(afterNumber: number): Promise<readonly (RowFound<LogFound> & { readonly number: number })[]>;
  /** `undefined` when there is none, or none that can be read. */
  log(id: string): Promise<LogFound | undefined>;
  /** The next page of a log's own events behind a place, in order; empty at the end. Bounded in memory. */
  events(
    log: LogFound,
    afterSeq: number,
  ): Promise<readonly (RowFound<StoredEvent> & { readonly seq: number })[]>;
  /** The stored hash of one of a log's own events; `null` when there is none. */
  hashAt(log: LogFound, seq: number): Promise<string | null>;
  /** Events under a key that no log has. */
  strays(): Promise<readonly { readonly number: number; readonly events: number }[]>;
  /** The next page of documents behind one, by kind, then by id; empty at the end. */
  records(
    after: Pick<StoredRecord, 'kind' | 'id'> | null,
  ): Promise<readonly (RowFound<StoredRecord> & { readonly kind: string; readonly id: string })[]>;
  record(kind: string, id: string): Promise<StoredRecord | undefined>;
  owners(): Promise<readonly RowFound<OwnerFound>[]>;
  /** Ends this look, and makes all of these changes or none. */
  mend(changes: readonly Mend[]): Promise<void>;
  close(): Promise<void>;
}
