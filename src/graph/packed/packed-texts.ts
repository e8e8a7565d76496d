/** Decides how the texts of many elements are kept in few long ones, cut out one by one when they are read. */

/** Elements that stand in one text, one behind the other, from `start` on; `ends` says how far behind `start` each ends. */
export interface TextPage {
  readonly ids: readonly string[];
  readonly ends: readonly number[];
  readonly text: string;
  readonly start: number;
}

/** Elements that are written down somewhere; `pages` is asked for when the first of them is needed. */
export interface PackedSection {
  readonly size: number;
  readonly pages: () => readonly TextPage[];
}

/** Pages in order; an element is named by its place among all of them. */
export class PackedTexts {
  readonly #pages: readonly TextPage[];
  /** How many elements stand before each page. */
  readonly #before: number[] = [];

  constructor(pages: readonly TextPage[]) {
    this.#pages = pages;
    let size = 0;
    for (const { ids } of pages) {
      this.#before.push(size);
      size += ids.length;
    }
  }

  /** Calls with each id and its place, in order. */
  eachId(call: (id: string, place: number) => void): void {
    let place = 0;
    for (const { ids } of this.#pages) {
      for (const id of ids) {
        call(id, place);
        place += 1;
      }
    }
  }

  at(place: number): string {
    let low = 0;
    let high = this.#pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#before[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    const page = this.#pages[low];
    const within = place - (this.#before[low] ?? 0);
    if (page === undefined) return '';
    const { text, start, ends } = page;
    return text.slice(start + (ends[within - 1] ?? 0), start + (ends[within] ?? 0));
  }
}
