/** Decides how the ids of elements are told apart while two tails are compared: by numbers, so that each is looked up once an event. */

export class IdNumbers {
  readonly #numbers = new Map<string, number>();

  /** How many ids have a number: from 0 on, without gaps. */
  get size(): number {
    return this.#numbers.size;
  }

  of(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(id, number);
    return number;
  }
}

/** A number for everything that has an id, all of them `value` at first. */
export function perId(ids: IdNumbers, value: number): Int32Array {
  return new Int32Array(ids.size).fill(value);
}
