/**
 * Decides how a memory store keeps many events of a run: a thousand of them as one text and a few columns. An object for each would
 * be looked at again and again by the collector, which took a third of the time of a run in memory.
 */
import { eventIdAt, isEventIdAt } from '../../base/index.ts';
import type { EventRow } from '../event.ts';
import { keptRow, RunRow } from './memory-rows.ts';

const rowsAPage = 1000;
/** Longer ones stay rows: one character outside Latin-1 doubles the room of its whole page. */
const charactersAPage = 1024 * 1024;

/** The own rows of a log, in order. */
export class MemoryRows {
  readonly #afterSeq: number;
  #pages: Page[] = [];
  /** Less than a page. */
  #open: EventRow[] = [];

  /** `afterSeq`: the place before the first row. */
  constructor(afterSeq: number) {
    this.#afterSeq = afterSeq;
  }

  get length(): number {
    return this.#pages.length * rowsAPage + this.#open.length;
  }

  /** Keeps a copy. */
  push(row: EventRow): void {
    this.#open.push(keptRow(row));
    if (this.#open.length < rowsAPage) return;
    this.#pages.push(pageOf(this.#open, this.#afterSeq + this.#pages.length * rowsAPage));
    this.#open = [];
  }

  at(index: number): EventRow | undefined {
    const page = this.#pages[Math.floor(index / rowsAPage)];
    return page === undefined
      ? this.#open[index - this.#pages.length * rowsAPage]
      : page.at(index % rowsAPage);
  }

  /** Puts a copy of a row in the place of another one. */
  replace(index: number, row: EventRow): void {
    const number = Math.floor(index / rowsAPage);
    const page = this.#pages[number];
    if (page === undefined) {
      this.#open[index - this.#pages.length * rowsAPage] = keptRow(row);
      return;
    }
    // Whoever reads the page meanwhile reads what it was.
    const rows = Array.from({ length: rowsAPage }, (_, place) =>
      place === index % rowsAPage ? row : page.at(place),
    );
    this.#pages[number] = pageOf(
      rows.filter((each) => each !== undefined).map(keptRow),
      this.#afterSeq + number * rowsAPage,
    );
  }

  copy(): MemoryRows {
    const rows = new MemoryRows(this.#afterSeq);
    rows.#pages = [...this.#pages];
    rows.#open = [...this.#open];
    return rows;
  }

  *[Symbol.iterator](): Generator<EventRow> {
    for (let index = 0; index < this.length; index += 1) {
      const row = this.at(index);
      if (row !== undefined) yield row;
    }
  }
}

interface Page {
  at(place: number): EventRow | undefined;
}

function pageOf(rows: readonly EventRow[], afterSeq: number): Page {
  let characters = 0;
  let isPlain = true;
  for (const row of rows) {
    // Rows with session fields stay as they are.
    isPlain &&= row instanceof RunRow;
    characters += row.payload.length;
  }
  const [first] = rows;
  if (first === undefined || !isPlain || characters > charactersAPage) return { at: (place) => rows[place] };
  return new PackedPage(rows, first, afterSeq);
}

class PackedPage implements Page {
  readonly #afterSeq: number;
  readonly #payloads: string;
  /** Where each payload ends in the text. */
  readonly #ends: Uint32Array;
  /** `null` when each id is the one of its place. */
  readonly #ids: readonly string[] | null;
  readonly #types: Column<string>;
  readonly #actors: Column<string | null>;
  readonly #causes: Column<string | null>;
  readonly #frames: Column<string | null>;
  readonly #timestamps: Column<string>;
  readonly #subjects: Column<string | null>;

  constructor(rows: readonly EventRow[], first: EventRow, afterSeq: number) {
    this.#afterSeq = afterSeq;
    this.#payloads = rows.map(({ payload }) => payload).join('');
    this.#ends = new Uint32Array(rows.length);
    let end = 0;
    rows.forEach(({ payload }, place) => {
      end += payload.length;
      this.#ends[place] = end;
    });
    const areCanonical = rows.every(({ id }, place) => isEventIdAt(id, afterSeq + place + 1));
    this.#ids = areCanonical ? null : rows.map(({ id }) => id);
    this.#types = columnOf(first.type, rows, ({ type }) => type);
    this.#actors = columnOf(first.actor, rows, ({ actor }) => actor);
    this.#causes = columnOf(first.causedBy, rows, ({ causedBy }) => causedBy);
    this.#frames = columnOf(first.frameId, rows, ({ frameId }) => frameId);
    this.#timestamps = columnOf(first.timestamp, rows, ({ timestamp }) => timestamp);
    this.#subjects = columnOf(first.subject, rows, ({ subject }) => subject);
  }

  at(place: number): EventRow | undefined {
    const end = this.#ends[place];
    if (end === undefined) return undefined;
    return new RunRow({
      id: this.#ids?.[place] ?? eventIdAt(this.#afterSeq + place + 1),
      type: textAt(this.#types, place),
      payload: this.#payloads.slice(place === 0 ? 0 : this.#ends[place - 1], end),
      actor: textAt(this.#actors, place),
      causedBy: textAt(this.#causes, place),
      frameId: textAt(this.#frames, place),
      timestamp: textAt(this.#timestamps, place),
      subject: textAt(this.#subjects, place),
    });
  }
}

/** A field of many rows: the one text that all of them have, or a text for each. */
interface Column<Text extends string | null> {
  readonly first: Text;
  readonly each: readonly Text[] | null;
}

function columnOf<Text extends string | null>(
  first: Text,
  rows: readonly EventRow[],
  pick: (row: EventRow) => Text,
): Column<Text> {
  return { first, each: rows.every((row) => pick(row) === first) ? null : rows.map(pick) };
}

function textAt<Text extends string | null>({ first, each }: Column<Text>, place: number): Text {
  const text = each?.[place];
  return text === undefined ? first : text;
}
