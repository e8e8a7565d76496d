/**
 * Decides how the elements of one kind are kept: by id, in the order in which they came, each as a value or as the text it is
 * made of again when somebody looks at it. Most elements of a long run are never looked at.
 */
import { type PackedSection, PackedTexts } from './packed-texts.ts';

export interface Codec<Element> {
  /** The element as text; `null` when JSON cannot tell it apart from another. */
  readonly pack: (element: Element) => string | null;
  readonly unpack: (text: string, id: string) => Element;
  /** True when an element that was looked at stays as it is; false for what is rarely looked at twice. */
  readonly keepsUnpacked: boolean;
}

/** A text, or the place of one among the packed texts. */
type Slot<Element> = Element | string | number;

export class Shelf<Element extends object> {
  readonly #codec: Codec<Element>;
  #slots = new Map<string, Slot<Element>>();
  #packed = new PackedTexts([]);
  /** While nobody has asked for what is packed, `#slots` holds only what came after it. */
  #closed: PackedSection | null = null;

  constructor(codec: Codec<Element>) {
    this.#codec = codec;
  }

  /** Begins with packed elements, which are not even listed before somebody asks. */
  static of<Element extends object>(codec: Codec<Element>, packed?: PackedSection): Shelf<Element> {
    const shelf = new Shelf(codec);
    if (packed !== undefined && packed.size > 0) shelf.#closed = packed;
    return shelf;
  }

  get(id: string): Element | undefined {
    let slot = this.#slots.get(id);
    if (slot === undefined && this.#closed !== null) slot = this.#open().get(id);
    return typeof slot === 'object' || slot === undefined ? slot : this.#unpack(id, slot);
  }

  *values(): Iterable<Element> {
    for (const [id, slot] of this.#open()) yield typeof slot === 'object' ? slot : this.#unpack(id, slot);
  }

  /** At most so many elements; exact when somebody has asked for what is packed. */
  get size(): number {
    return (this.#closed?.size ?? 0) + this.#slots.size;
  }

  put(id: string, element: Element): void {
    this.#slots.set(id, element);
  }

  /** Keeps the text that an element is made of, in place of the element. */
  putText(id: string, text: string): void {
    this.#slots.set(id, text);
  }

  delete(id: string): void {
    this.#open().delete(id);
  }

  /** Ids and texts in order; `null` in place of what no text can tell. */
  *texts(): Iterable<readonly [id: string, text: string | null]> {
    for (const [id, slot] of this.#open()) yield [id, this.#packedText(id, slot)];
  }

  #unpack(id: string, slot: string | number): Element {
    const element = this.#codec.unpack(this.#textOf(slot), id);
    if (this.#codec.keepsUnpacked) this.#slots.set(id, element);
    return element;
  }

  #packedText(id: string, slot: Slot<Element>): string | null {
    if (typeof slot === 'object') return this.#codec.pack(slot);
    if (typeof slot === 'number') return this.#packed.at(slot);
    // The text may be longer than need be, and is what there is when no shorter one gives back the same.
    return this.#codec.pack(this.#codec.unpack(slot, id)) ?? slot;
  }

  #textOf(slot: string | number): string {
    return typeof slot === 'string' ? slot : this.#packed.at(slot);
  }

  /** What came later takes the place of what has its id, or comes last: as if all had come one after the other. */
  #open(): Map<string, Slot<Element>> {
    if (this.#closed === null) return this.#slots;
    this.#packed = new PackedTexts(this.#closed.pages());
    this.#closed = null;
    const later = this.#slots;
    const slots = new Map<string, Slot<Element>>();
    this.#packed.eachId((id, place) => slots.set(id, place));
    for (const [id, slot] of later) slots.set(id, slot);
    this.#slots = slots;
    return slots;
  }
}
