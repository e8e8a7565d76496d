/**
 * Decides how the first event of one side that did the same as one of the other is found: elements by their id and a look at each
 * of the few under it, everything else by its text.
 */
import { type ComparedEvent, comparedText, didTheSame } from './compared-event.ts';
import { type IdNumbers, perId } from './id-numbers.ts';

/** No more elements than these are looked at one by one: a log of another writer may give one id to all. */
const lookedAt = 8;

const none = -1;

/** The events of one side that have no partner yet. */
export class Unpaired {
  readonly #events: readonly ComparedEvent[];
  /** The first event under each id and each text, and behind each event the next one there. */
  readonly #firstOfId: Int32Array;
  readonly #firstOfText = new Map<string, number>();
  readonly #next: Int32Array;
  /** How many stand under each id; above `lookedAt`, what comes before the last few stands under its text. */
  readonly #count: Int32Array;
  readonly #isTaken: Uint8Array;

  constructor(
    events: readonly ComparedEvent[],
    { from, to, ids }: { readonly from: number; readonly to: number; readonly ids: IdNumbers },
  ) {
    this.#events = events;
    this.#firstOfId = perId(ids, none);
    this.#count = perId(ids, 0);
    this.#next = new Int32Array(events.length).fill(none);
    this.#isTaken = new Uint8Array(events.length);
    for (let index = to - 1; index >= from; index -= 1) {
      const event = events[index];
      if (event !== undefined) this.#add(index, event);
    }
  }

  /** The place of the first that did the same as the event, which is not there any more afterwards; -1 when there is none. */
  take(event: ComparedEvent): number {
    const { element, elementNumber } = event;
    if (element === null) return this.#takeByText(event.text);
    const isCrowded = (this.#count[elementNumber] ?? 0) > lookedAt;
    const early = isCrowded ? this.#takeByText(comparedText(event)) : none;
    return early === none ? this.#takeById(event) : early;
  }

  #add(index: number, event: ComparedEvent): void {
    const { element, elementNumber: id } = event;
    const count = (this.#count[id] ?? 0) + 1;
    if (element === null || count > lookedAt) {
      const text = comparedText(event);
      this.#next[index] = this.#firstOfText.get(text) ?? none;
      this.#firstOfText.set(text, index);
    } else {
      this.#next[index] = this.#firstOfId[id] ?? none;
      this.#firstOfId[id] = index;
    }
    if (element !== null) this.#count[id] = count;
  }

  #takeByText(text: string): number {
    const first = this.#firstOfText.get(text) ?? none;
    if (first !== none) this.#firstOfText.set(text, this.#next[first] ?? none);
    return first;
  }

  #takeById(event: ComparedEvent): number {
    let index = this.#firstOfId[event.elementNumber] ?? none;
    for (; index !== none; index = this.#next[index] ?? none) {
      const other = this.#events[index];
      if (this.#isTaken[index] === 1 || other === undefined || !didTheSame(other, event)) continue;
      this.#isTaken[index] = 1;
      return index;
    }
    return none;
  }
}
