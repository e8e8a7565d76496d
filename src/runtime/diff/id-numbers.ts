/** Decides how the ids of elements are told apart while two tails are compared: by numbers, so that each is looked up once an event. */

export class IdNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  /** Two runs mostly tell of new elements in one order: after an id, the one that came behind it is looked at first. */
  #expected = 0;

  /** How many ids have a number: from 0 on, without gaps. */
  get size(): number {
    return this.#ids.length;
  }

  of(id: string): number {
    if (this.#ids[this.#expected] === id) {
      this.#expected += 1;
      return this.#expected - 1;
    }
    const known = this.#numbers.get(id);
    if (known !== undefined) {
      // An old element between new ones is no reason to expect another.
      if (known > this.#expected || this.#expected === this.#ids.length) this.#expected = known + 1;
      return known;
    }
    const number = this.#ids.length;
    this.#numbers.set(id, number);
    this.#ids.push(id);
    this.#expected = number + 1;
    return number;
  }
}

/** A number for everything that has an id, all of them `value` at first. */
export function perId(ids: IdNumbers, value: number): Int32Array {
  return new Int32Array(ids.size).fill(value);
}
