/** Decides how two graphs differ: what stands in one only, and what stands in both with other fields. Provenance does not count. */
import { checkArguments, isJsonObject, jsonEqual, type JsonObject, type JsonValue } from '../base/index.ts';
import type { GraphObject, Relation } from './elements.ts';

/** A field that differs; `undefined` on the side that does not have it. */
export interface FieldChange {
  /** `data.status`, or `version` */
  readonly field: string;
  /** The same, key by key: a key may hold a dot. */
  readonly path: readonly string[];
  /** `undefined` where the field is missing; a field that is `null` has `null`. */
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
}

/** One object or relation that both sides have, and the fields in which they differ. */
export interface ElementChange<Element> {
  readonly left: Element;
  readonly right: Element;
  readonly fields: readonly FieldChange[];
}

/** What only one side has, and what both have and differ in. */
export interface SideBySide<Element> {
  readonly onlyLeft: readonly Element[];
  readonly onlyRight: readonly Element[];
  readonly changed: readonly ElementChange<Element>[];
}

/** What differs between two graphs: objects and relations. */
export interface GraphDiff {
  readonly objects: SideBySide<GraphObject>;
  readonly relations: SideBySide<Relation>;
  readonly isIdentical: boolean;
}

/** What is compared: a reader, or the state behind one. */
export interface ComparedGraph {
  object(id: string): GraphObject | undefined;
  relation(id: string): Relation | undefined;
  objects(): Iterable<GraphObject>;
  relations(): Iterable<Relation>;
}

/** Compares two graphs object by object, relation by relation, field by field. */
export function diffGraphs(left: ComparedGraph, right: ComparedGraph): GraphDiff {
  checkArguments('diffGraphs', { left: [left, 'with objects'], right: [right, 'with objects'] });
  const objects = sideBySide(
    { elements: left.objects(), find: (id) => left.object(id) },
    { elements: right.objects(), find: (id) => right.object(id) },
    objectChanges,
  );
  const relations = sideBySide(
    { elements: left.relations(), find: (id) => left.relation(id) },
    { elements: right.relations(), find: (id) => right.relation(id) },
    relationChanges,
  );
  const isIdentical = [objects, relations].every(
    (side) => side.onlyLeft.length + side.onlyRight.length + side.changed.length === 0,
  );
  return { objects, relations, isIdentical };
}

interface Side<Element> {
  readonly elements: Iterable<Element>;
  readonly find: (id: string) => Element | undefined;
}

function sideBySide<Element extends { readonly id: string }>(
  left: Side<Element>,
  right: Side<Element>,
  changesOf: (left: Element, right: Element) => readonly FieldChange[],
): SideBySide<Element> {
  const changed: ElementChange<Element>[] = [];
  const onlyLeft: Element[] = [];
  for (const element of left.elements) {
    const other = right.find(element.id);
    if (other === undefined) {
      onlyLeft.push(element);
      continue;
    }
    const fields = changesOf(element, other);
    if (fields.length > 0) changed.push({ left: element, right: other, fields });
  }
  const onlyRight: Element[] = [];
  for (const element of right.elements) if (left.find(element.id) === undefined) onlyRight.push(element);
  return { onlyLeft, onlyRight, changed };
}

const noChanges: readonly FieldChange[] = [];

/** Most elements are equal, which is told sooner than by what they differ. */
function objectChanges(left: GraphObject, right: GraphObject): readonly FieldChange[] {
  if (left.type === right.type && left.version === right.version && jsonEqual(left.data, right.data))
    return noChanges;
  return fieldChanges(
    { type: left.type, version: left.version, data: left.data },
    { type: right.type, version: right.version, data: right.data },
    [],
  );
}

function relationChanges(left: Relation, right: Relation): readonly FieldChange[] {
  const compared = ({ source, target, type, data }: Relation): JsonObject => ({ source, target, type, data });
  const [here, there] = [compared(left), compared(right)];
  return jsonEqual(here, there) ? noChanges : fieldChanges(here, there, []);
}

/** Objects are compared key by key one level at a time; everything else as a whole. */
function fieldChanges(
  left: JsonObject,
  right: JsonObject,
  prefix: readonly string[],
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
    // A field that is `null` on one side and missing on the other is a difference, too.
    const before = Object.hasOwn(left, key) ? left[key] : undefined;
    const after = Object.hasOwn(right, key) ? right[key] : undefined;
    if (before === undefined ? after === undefined : after !== undefined && jsonEqual(before, after))
      continue;
    const path = [...prefix, key];
    if (isJsonObject(before) && isJsonObject(after)) changes.push(...fieldChanges(before, after, path));
    else changes.push({ field: path.join('.'), path, left: before, right: after });
  }
  return changes;
}
