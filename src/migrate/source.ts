/** Decides what history is moved from: runs with their events as texts, whatever keeps them. Nothing of a source is ever changed. */
import type { EventRow, LogKind, LogStore, StoredRecord } from '../log/index.ts';

/** What was found at the place of an event. */
export type SourceEvent =
  | { readonly ok: true; readonly row: EventRow }
  | {
      readonly ok: false;
      readonly eventId: string;
      /** Why it cannot be an event of a log, in one sentence. */
      readonly why: string;
    };

/** What was found at the place of a document. */
export type SourceRecord =
  | { readonly ok: true; readonly record: StoredRecord }
  /** `id` names the row to a person; `why` it cannot be a document, in one sentence. */
  | { readonly ok: false; readonly id: string; readonly why: string };

/** A number of a row that the document made of it cannot hold. */
export interface InexactNumber {
  /** The row, for a person. */
  readonly row: string;
  readonly column: string;
  /** As it stands there. */
  readonly number: string;
  /** What the document has in its place. */
  readonly readAs: string;
}

export interface SourceRun {
  readonly id: string;
  readonly kind: LogKind;
  readonly label: string | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** The last place that it shares with another run of the source; `null` for a run of its own. */
  readonly parent: { readonly runId: string; readonly atSeq: number } | null;
  /** All its events, those that it shares included. */
  readonly events: number;
  /** Chain hash of the last event; `null` where the source keeps none. */
  readonly headHash: string | null;
}

/** Where runs are read from, of any format. */
export interface MigrationSource {
  /** What the report calls it; a URL without its password. */
  readonly location: string;
  /** The format, in words: `runlog`, `ActiveGraph 1.0 (SQLite)`. */
  readonly format: string;
  /** Names the data, so that nothing is copied into itself; `null` where the source has no such name. */
  readonly storeId: string | null;
  /** The store that `events` reads as it is; left out where there is none. */
  readonly store?: LogStore;
  /** Every run, parents before what was forked from them. */
  runs(): Promise<readonly SourceRun[]>;
  /** The events of a run behind place `after`, in order, in pages of bounded size. */
  events(run: SourceRun, after: number): AsyncIterable<readonly SourceEvent[]>;
  /** Chain hash after place `seq` of a run; `null` where the source keeps none. */
  hashAt(run: SourceRun, seq: number): Promise<string | null>;
  /** Documents that belong to a run. With `parent` taken away from a fork, also those that it needs to stand by itself. */
  records(run: SourceRun): Promise<readonly SourceRecord[]>;
  /** Documents of a run that comes only as far as something was forked from it; left out where there are none. */
  recordsUpTo?(run: SourceRun, seq: number): Promise<readonly SourceRecord[]>;
  /**
   * SHA-256 over the raw rows of a run's events, as far as they were read by `events` from the beginning; `null` where the
   * chain hash says the same.
   */
  digest(runId: string): string | null;
  /** What a reader of the report should know about a run's data, found while it was read; about what belongs to no run with `null`. */
  notes(runId: string | null): readonly string[];
  /** What the documents of a run could not hold, found while `records` read them; left out where documents keep their texts. */
  inexact?(runId: string): readonly InexactNumber[];
  /**
   * There in a source that lives on: whether an event says no more than that there was no more when it was read. What was brought
   * from such a source may be brought again, as long as nobody has touched it.
   */
  isEnd?(row: EventRow): boolean;
  close(): Promise<void>;
}
