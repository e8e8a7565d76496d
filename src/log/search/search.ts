/**
 * Decides what can be asked of all sessions of a store at once: events by what stands in their rows, sums over the fields of
 * documents; and how the payloads of events are dropped. A store answers by its indexes, in an order that is the same everywhere.
 */
import { shellWord } from '../../base/index.ts';
import { InvalidEventError } from '../errors.ts';
import type { StoredEvent } from '../event.ts';
import type { SessionLogStore } from '../port.ts';
import type { FieldBridge, RecordQuery, RecordWrite } from '../records/record.ts';
import { compareIds } from '../records/record-plan.ts';
import type { RedactionNote } from './tombstone.ts';

/** Events of sessions; all that is given has to hold. Of a fork only its own events are found. */
export interface EventQuery {
  readonly logIds?: readonly string[];
  readonly runIds?: readonly string[];
  readonly types?: readonly string[];
  readonly providers?: readonly string[];
  readonly correlationId?: string;
  /** Timestamps from this text on. */
  readonly from?: string;
  /** Timestamps up to and including this text. */
  readonly to?: string;
  /** `place`: one session after the other by id, each in its order. `time`: by timestamp, then by session and place. */
  readonly order: 'place' | 'time';
  /** Newest first; only with `time`. */
  readonly descending?: boolean;
  /** Goes on behind the event that stands there. */
  readonly after?: EventPlace;
}

/** Where and when an event stands: log, number in it, timestamp. */
export interface EventPlace {
  readonly logId: string;
  readonly seq: number;
  readonly timestamp: string;
}

/** An event that a search found, and the log that holds it. */
export interface FoundEvent {
  readonly logId: string;
  /** Without its hash. */
  readonly event: StoredEvent;
}

/** What is summed up over documents, and by which fields. */
export interface RecordSums {
  /** Fields with one value at most. */
  readonly groupBy: readonly GroupField[];
  /** Fields whose values are whole numbers of ten digits or more, zeros in front. */
  readonly sum: readonly string[];
}

/** A field by which sums are grouped; `through` follows it into another row. */
export interface GroupField {
  readonly field: string;
  /** The field of the document of that kind which shares a value; there is at most one. */
  readonly through?: FieldBridge;
}

/** One group of sums: its keys in the order asked for, how many rows, and the sums. */
export interface RecordGroup {
  /** In the order of `groupBy`; `null` for documents without the field. */
  readonly by: readonly (string | null)[];
  readonly count: number;
  /** In the order of `sum`; exact. */
  readonly sums: readonly bigint[];
}

/** Queries over all logs of a store, answered by the store itself. */
export interface LogSearch {
  findEvents(query: EventQuery, limit: number): Promise<readonly FoundEvent[]>;
  /** How many events fit, wherever the query begins. */
  countEvents(query: EventQuery): Promise<number>;
  /** One group a combination of values that occurs, in the order of these values. */
  sumRecords(query: RecordQuery, sums: RecordSums): Promise<readonly RecordGroup[]>;
}

/** Payloads of a session that are to be dropped. */
export interface Redaction {
  readonly logId: string;
  /** At most 10,000 places. */
  readonly seqs: readonly number[];
  readonly note: RedactionNote;
}

/** A store in which sessions can be searched and pruned, as the stores of this package are. */
export interface SearchableStore extends SessionLogStore {
  readonly search: LogSearch;

  /**
   * Drops the payloads of events of a session in one transaction, and leaves a tombstone in the place of each: places, hashes and
   * heads stay. Returns how many there were; what was dropped before keeps its note. Rejects with `RunNotFoundError`, and with
   * `InvalidEventError` for the log of a run, which is computed again from its payloads. Documents beside the log stay as they are
   * but for `records`, which are written in the same transaction; for those of sessions `redactSessionEvents` knows which.
   */
  redact(redaction: Redaction, records?: readonly RecordWrite[]): Promise<number>;
}

/** True for a store in which sessions can be searched. */
export function isSearchableStore(store: object): store is SearchableStore {
  const search: unknown = Reflect.get(store, 'search');
  return typeof search === 'object' && search !== null && typeof Reflect.get(store, 'redact') === 'function';
}

/** A run is computed again from its payloads: none of them may go. */
export function keepsItsPayloads(logId: string): Error {
  return new InvalidEventError({
    summary: `run '${logId}' cannot be redacted: it is the run of a graph`,
    whatFailed: `redact was to drop payloads of '${logId}', which is the run of a graph. Only events of sessions can be redacted.`,
    why: 'A graph is computed again from the payloads of its run: without one of them the run could not be loaded, replayed or forked.',
    howToFix: `Delete the whole run: \`runlog delete URL --run-id ${shellWord(logId)} --status idle --status exhausted --status stopped\` shows what would go, and with --apply it goes. A run that forks read is kept until each of them was detached or deleted.`,
    context: { run_id: logId, kind: 'run' },
  });
}

/** In the order of the values, documents without a value first. */
export function sortedGroups(groups: readonly RecordGroup[]): readonly RecordGroup[] {
  return groups.toSorted((left, right) => {
    for (const [index, value] of left.by.entries()) {
      const order = compareValues(value, right.by[index] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function compareValues(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compareIds(left, right);
}
