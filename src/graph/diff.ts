/** Decides how two graphs differ: what stands in one only, and what stands in both with other fields. Provenance does not count. */
import { isJsonObject, jsonEqual, type JsonObject, type JsonValue } from '../base/index.ts';
import type { GraphObject, Relation } from './elements.ts';

export interface FieldChange {
  /** `data.status`, or `version` */
  readonly field: string;
  /** The same, key by key: a key may hold a dot. */
  readonly path: readonly string[];
  /** `undefined` where the field is missing; a field that is `null` has `null`. */
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
}

export interface ElementChange<Element> {
  readonly left: Element;
  readonly right: Element;
  readonly fields: readonly FieldChange[];
}

export interface SideBySide<Element> {
  readonly onlyLeft: readonly Element[];
  readonly onlyRight: readonly Element[];
  readonly changed: readonly ElementChange<Element>[];
}

export interface GraphDiff {
  readonly objects: SideBySide<GraphObject>;
  readonly relations: SideBySide<Relation>;
  readonly isIdentical: boolean;
}

/** What is compared: a reader, or the state behind one. */
export interface ComparedGraph {
  objects(): Iterable<GraphObject>;
  relations(): Iterable<Relation>;
}

export function diffGraphs(left: ComparedGraph, right: ComparedGraph): GraphDiff {
  const objects = sideBySide([...left.objects()], [...right.objects()], ({ type, version, data }) => ({
    type,
    version,
    data,
  }));
  const relations = sideBySide([...left.relations()], [...right.relations()], ({ source, target, type, data }) => ({
    source,
    target,
    type,
    data,
  }));
  const isIdentical = [objects, relations].every(
    (side) => side.onlyLeft.length + side.onlyRight.length + side.changed.length === 0,
  );
  return { objects, relations, isIdentical };
}

function sideBySide<Element extends { readonly id: string }>(
  left: readonly Element[],
  right: readonly Element[],
  compared: (element: Element) => JsonObject,
): SideBySide<Element> {
  const rightById = new Map(right.map((element) => [element.id, element]));
  const leftIds = new Set(left.map((element) => element.id));
  const changed: ElementChange<Element>[] = [];
  for (const element of left) {
    const other = rightById.get(element.id);
    if (other === undefined) continue;
    const [here, there] = [compared(element), compared(other)];
    // Most elements are equal, which is told sooner than by what they differ.
    if (jsonEqual(here, there)) continue;
    const fields = fieldChanges(here, there, []);
    if (fields.length > 0) changed.push({ left: element, right: other, fields });
  }
  return {
    onlyLeft: left.filter((element) => !rightById.has(element.id)),
    onlyRight: right.filter((element) => !leftIds.has(element.id)),
    changed,
  };
}

/** Objects are compared key by key one level at a time; everything else as a whole. */
function fieldChanges(left: JsonObject, right: JsonObject, prefix: readonly string[]): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
    // A field that is `null` on one side and missing on the other is a difference, too.
    const before = Object.hasOwn(left, key) ? left[key] : undefined;
    const after = Object.hasOwn(right, key) ? right[key] : undefined;
    if (before === undefined ? after === undefined : after !== undefined && jsonEqual(before, after)) continue;
    const path = [...prefix, key];
    if (isJsonObject(before) && isJsonObject(after)) changes.push(...fieldChanges(before, after, path));
    else changes.push({ field: path.join('.'), path, left: before, right: after });
  }
  return changes;
}
