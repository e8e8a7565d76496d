/**
 * Decides what is written of a run, event by event: the lines in order, chained on the way, without what cannot be kept when that
 * is allowed, and with an account of everything that was left out.
 */
import type { Sha256 } from '../base/index.ts';
import { chainHash, commitLimits, corruptedPayload, type EventRow, type LogCopy } from '../log/index.ts';
import type { MigrationSource, SourceRun } from './source.ts';
import type { SkippedEvent } from './report.ts';
import { utf8Length } from './utf8-length.ts';

/** What is handed on at once, unless one event is longer. */
const pageCharacters = 8 * 1024 * 1024;

export type OnPage = (events: number) => Promise<void>;

export interface ImportOptions {
  readonly sha256: Sha256;
  readonly skipCorrupted: boolean;
  /** Events of the run, those that are passed over included, after which the stream ends. */
  readonly upTo: number;
  /** A place whose chain hash is wanted: see `watched`. */
  readonly watch?: number;
  /** True when whoever takes the events chains them: `hash` stays as it was then. */
  readonly isChainedElsewhere?: boolean;
  /** Told after each page how many events were read, and waited for; what it rejects with ends the stream. */
  readonly onPage?: OnPage;
}

/** One reading of a run from place `after`, whose chain hash is `hash`. What it counted is complete when the pages are. */
export class ImportStream {
  hash: string;
  /** Events handed on. */
  events = 0;
  bytes = 0;
  /** True when the destination took the rows itself, and has proved both sides. */
  wasTaken = false;
  /** The chain hash at the place that was to be watched; `null` while it was not reached. */
  watched: string | null = null;
  readonly skipped: SkippedEvent[] = [];
  /** Rows beside the events that cannot be documents. */
  readonly skippedRows: SkippedEvent[] = [];
  readonly brokenLinks: { readonly eventId: string; readonly causedBy: string }[] = [];
  readonly #skippedIds = new Set<string>();
  readonly #source: MigrationSource;
  readonly #run: SourceRun;
  readonly #after: number;
  readonly #options: ImportOptions;

  constructor(
    source: MigrationSource,
    run: SourceRun,
    start: { readonly after: number; readonly hash: string },
    options: ImportOptions,
  ) {
    this.#source = source;
    this.#run = run;
    this.#after = start.after;
    this.hash = start.hash;
    this.#options = options;
  }

  /** Throws `CorruptedEventPayloadError` at the first event that cannot be kept, unless those are skipped. */
  async *pages(): AsyncGenerator<readonly EventRow[]> {
    const { upTo, onPage } = this.#options;
    let read = this.#after;
    for await (const page of this.#source.events(this.#run, this.#after)) {
      let rows: EventRow[] = [];
      let characters = 0;
      for (const event of page.slice(0, Math.max(0, upTo - read))) {
        const more = event.ok ? charactersOf(event.row) : 0;
        if (!event.ok) this.#skip(event.eventId, event.why);
        else if (more > commitLimits.characters) this.#skip(event.row.id, tooLong(more));
        else {
          // Pages of a foreign source are cut by their number of rows, which may be of any length.
          if (rows.length > 0 && characters + more > pageCharacters) {
            yield rows;
            [rows, characters] = [[], 0];
          }
          rows.push(this.#take(event.row));
          characters += more;
        }
      }
      read += page.length;
      await onPage?.(Math.min(read, upTo));
      if (rows.length > 0) yield rows;
      if (read >= upTo) return;
    }
  }

  /** Where the pages come from, for a destination that can do without them. */
  origin(): LogCopy['origin'] {
    const { store } = this.#source;
    const { upTo, onPage } = this.#options;
    if (store === undefined) return undefined;
    return {
      store,
      upTo,
      onPage: async (seq) => onPage?.(seq),
      onTaken: (events, bytes) => {
        [this.events, this.bytes, this.wasTaken] = [events, bytes, true];
      },
    };
  }

  #take(row: EventRow): EventRow {
    if (this.#options.isChainedElsewhere !== true)
      this.hash = chainHash(this.hash, row, this.#options.sha256);
    this.events += 1;
    if (this.#after + this.events === this.#options.watch) this.watched = this.hash;
    this.bytes += utf8Length(row.payload);
    const { causedBy } = row;
    if (causedBy !== null && this.#skippedIds.has(causedBy))
      this.brokenLinks.push({ eventId: row.id, causedBy });
    return row;
  }

  #skip(eventId: string, why: string): void {
    if (!this.#options.skipCorrupted)
      throw corruptedPayload({ logId: this.#run.id, eventId, text: '', cause: new SyntaxError(why) });
    this.skipped.push({ eventId, why });
    this.#skippedIds.add(eventId);
  }
}

function charactersOf({ payload, metadata }: EventRow): number {
  return payload.length + (metadata?.length ?? 0);
}

function tooLong(characters: number): string {
  return `it has ${characters} characters, and an event has at most ${commitLimits.characters}`;
}
