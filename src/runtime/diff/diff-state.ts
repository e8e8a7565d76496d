/** Decides how the graphs of two runs differ, from what each did behind their equal past and as little of that past as it takes. */
import { counterOf, type JsonObject } from '../../base/index.ts';
import {
  diffGraphs,
  type FieldChange,
  type GraphObject,
  project,
  type Relation,
  type SideBySide,
  Tables,
} from '../../graph/index.ts';
import type { DifferingEvents, GraphTails } from './differing-events.ts';
import { ElementCauses } from './element-causes.ts';
import { type Past, pastElements, usedIds } from './past-elements.ts';
import { pastNeeds } from './past-needs.ts';
import type {
  ElementDifference,
  EventRef,
  FieldDifference,
  ObjectDifference,
  RelationDifference,
} from './run-diff.ts';
import type { GraphEvent } from './touched-element.ts';

export async function diffState(
  past: Past,
  { touched, compared }: DifferingEvents,
): Promise<{
  readonly objects: readonly ObjectDifference[];
  readonly relations: readonly RelationDifference[];
}> {
  const base = await baseOf(past, touched);
  const { left, right } = compared;
  const { objects, relations } = diffGraphs(stateAfter(base, left), stateAfter(base, right));
  const ofObjects = each(objects);
  const ofRelations = each(relations);
  const named = new Set<string>();
  for (const { element } of ofObjects) named.add(element.id);
  for (const { element } of ofRelations) named.add(element.id).add(element.source).add(element.target);
  const causes = { left: new ElementCauses(left, named), right: new ElementCauses(right, named) };
  return {
    objects: byNumber(ofObjects.map((difference) => objectDifference(difference, causes))),
    relations: byNumber(ofRelations.map((difference) => relationDifference(difference, causes))),
  };
}

/** What the past has of everything that the tails touch. */
async function baseOf(past: Past, { left, right }: GraphTails): Promise<Tables> {
  if (past.toSeq === 0) return new Tables();
  const needs = pastNeeds([left, right], await usedIds(past));
  const base = await pastElements(past, needs);
  for (const object of needs.told.values()) if (base.object(object.id) === undefined) base.putObject(object);
  return base;
}

/** Patches are compared by what they did. */
class ElementTables extends Tables {
  override putPatch(): void {}
}

function stateAfter(base: Tables, tail: readonly GraphEvent[]): Tables {
  const state = new ElementTables();
  for (const object of base.objects()) state.putObject(object);
  for (const relation of base.relations()) state.putRelation(relation);
  for (const { type, payload } of tail) project(state, type, payload);
  return state;
}

interface Causes {
  readonly left: ElementCauses;
  readonly right: ElementCauses;
}

interface Difference<Element> {
  readonly element: Element;
  readonly where: ElementDifference['where'];
  readonly left: Element | null;
  readonly right: Element | null;
  readonly fields: readonly FieldChange[];
}

function each<Element>({ onlyLeft, onlyRight, changed }: SideBySide<Element>): Difference<Element>[] {
  return [
    ...changed.map(({ left, right, fields }) => ({
      element: left,
      where: 'both' as const,
      left,
      right,
      fields,
    })),
    ...onlyLeft.map((left) => ({
      element: left,
      where: 'left' as const,
      left,
      right: null,
      fields: [],
    })),
    ...onlyRight.map((right) => ({
      element: right,
      where: 'right' as const,
      left: null,
      right,
      fields: [],
    })),
  ];
}

function objectDifference(difference: Difference<GraphObject>, causes: Causes): ObjectDifference {
  const { left, right, element } = difference;
  return {
    ...common(difference, causes),
    leftVersion: left?.version ?? null,
    rightVersion: right?.version ?? null,
    leftEvents: causes.left.of(element.id),
    rightEvents: causes.right.of(element.id),
  };
}

function relationDifference(difference: Difference<Relation>, causes: Causes): RelationDifference {
  const { element, where } = difference;
  const eventsOf = (own: ElementCauses, isThere: boolean, other: ElementCauses): readonly EventRef[] =>
    isThere || other.made(element.id) ? own.of(element.id) : own.ofLost(element);
  return {
    ...common(difference, causes),
    source: element.source,
    target: element.target,
    leftEvents: eventsOf(causes.left, where !== 'right', causes.right),
    rightEvents: eventsOf(causes.right, where !== 'left', causes.left),
  };
}

function common(
  { element, where, fields }: Difference<{ id: string; type: string; data: JsonObject }>,
  causes: Causes,
): Omit<ElementDifference, 'leftEvents' | 'rightEvents'> {
  const { id, type, data } = element;
  return {
    id,
    type,
    where,
    data: where === 'both' ? null : data,
    fields: fields.map(({ field, path, left, right }): FieldDifference => ({
      field,
      left,
      right,
      leftEvent: causes.left.ofField(id, path),
      rightEvent: causes.right.ofField(id, path),
    })),
  };
}

/** In the order in which the elements were made. */
function byNumber<Element extends { readonly id: string }>(elements: readonly Element[]): readonly Element[] {
  return elements
    .map((element) => ({ element, number: counterOf(element.id) }))
    .sort((left, right) => left.number - right.number || (left.element.id < right.element.id ? -1 : 1))
    .map(({ element }) => element);
}
