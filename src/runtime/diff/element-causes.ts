/** Decides which events of a tail stand behind a difference: those that made, changed or removed the element, and for a field the last that set it. */
import { isJsonObject } from '../../base/index.ts';
import type { Relation } from '../../graph/index.ts';
import type { EventRef } from './run-diff.ts';
import { type GraphEvent, touchedElement } from './touched-element.ts';

export class ElementCauses {
  readonly #byElement = new Map<string, GraphEvent[]>();

  /** Keeps the events of a tail that are about some elements. */
  constructor(tail: readonly GraphEvent[], elements: ReadonlySet<string>) {
    for (const event of tail) {
      const id = touchedElement(event.type, event.payload);
      if (id === null || !elements.has(id)) continue;
      const known = this.#byElement.get(id);
      if (known === undefined) this.#byElement.set(id, [event]);
      else known.push(event);
    }
  }

  of(id: string): readonly EventRef[] {
    return (this.#byElement.get(id) ?? []).map(eventRef);
  }

  /** True when the tail made the element. */
  made(id: string): boolean {
    return this.#byElement.get(id)?.some(({ type }) => type.endsWith('.created')) === true;
  }

  /** What took a relation of the past away: its own removal, or that of either of its ends. */
  ofLost({ id, source, target }: Relation): readonly EventRef[] {
    const removals = [...new Set([source, target])]
      .flatMap((end) => this.#byElement.get(end) ?? [])
      .filter(({ type }) => type === 'object.removed');
    const own = this.#byElement.get(id) ?? [];
    return [...own, ...removals].sort((left, right) => left.seq - right.seq).map(eventRef);
  }

  /** The last event that set a field; `null` when the tail left it as it was. */
  ofField(id: string, path: readonly string[]): EventRef | null {
    const setter = this.#byElement.get(id)?.findLast((event) => sets(event, path));
    return setter === undefined ? null : eventRef(setter);
  }
}

export function eventRef({ id, seq, type, actor }: EventRef): EventRef {
  return { id, seq, type, actor };
}

/** A creation sets everything, a patch its version and the fields that it names, a replacement all of the data. */
function sets({ type, payload }: GraphEvent, [root, key]: readonly string[]): boolean {
  if (type !== 'patch.applied') return type.endsWith('.created');
  if (root === 'version') return true;
  const { patch } = payload;
  if (root !== 'data' || !isJsonObject(patch) || key === undefined) return false;
  const { op, value } = patch;
  return op === 'replace' || (isJsonObject(value) && Object.hasOwn(value, key));
}
