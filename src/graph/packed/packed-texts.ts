/** Decides how the texts of many elements are kept in few long ones, cut out one by one when they are read. */

/** Elements that stand in one text, one behind the other; `ends` are the places in `text` at which they end. */
export interface TextPage {
  readonly ids: readonly string[];
  readonly ends: readonly number[];
  readonly text: string;
  /** Where the first element begins. */
  readonly start: number;
}

/** Pages in order; an element is named by its place among all of them. */
export class PackedTexts {
  readonly #pages: readonly TextPage[];
  /** How many elements stand before each page. */
  readonly #before: number[] = [];
  readonly size: number;

  constructor(pages: readonly TextPage[]) {
    this.#pages = pages;
    let size = 0;
    for (const { ids } of pages) {
      this.#before.push(size);
      size += ids.length;
    }
    this.size = size;
  }

  *ids(): Iterable<string> {
    for (const { ids } of this.#pages) yield* ids;
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
    return page === undefined
      ? ''
      : page.text.slice(page.ends[within - 1] ?? page.start, page.ends[within] ?? page.start);
  }
}
