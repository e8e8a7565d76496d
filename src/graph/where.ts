/** Decides what a where-filter selects: dotted paths to literals or to maps of operators, all of which have to hold. */
import {
  InternalEvaluatorError,
  isJsonArray,
  isJsonObject,
  jsonEqual,
  type JsonObject,
  type JsonValue,
  mergeObjects,
} from '../base/index.ts';
import { intakePayload } from '../log/index.ts';
import { type GraphObject, objectToJson } from './elements.ts';

/** `{ 'object.type': 'task', 'object.data.effort': { '>': 3, '<=': 8 } }` */
export type Where = Readonly<Record<string, JsonValue>>;

const operators = ['>', '<', '>=', '<=', '==', '!=', 'in', 'not in'] as const;
type Operator = (typeof operators)[number];

/**
 * A frozen copy of a filter, checked before anything is asked of it. Throws `InternalEvaluatorError` for an operator that is
 * not known, where it stands beside one that is or is made of the signs of operators, and `NonSerializableEventError` for what JSON
 * does not carry.
 */
export function checkWhere(where: Where): Where {
  const taken = intakePayload(where).value;
  for (const condition of Object.values(taken)) {
    if (operatorsOf(condition) !== null || !isJsonObject(condition)) continue;
    // A map may be compared with as a whole, but nobody calls a field `=>`.
    const mistyped = Object.keys(condition).find((key) => /^[<>=!]+$/.test(key));
    if (mistyped !== undefined) throw unknownOperator(mistyped);
  }
  return taken;
}

/** True when every entry holds. A path that leads nowhere gives `null`. */
export function matchesWhere(root: JsonObject, where: Where): boolean {
  return Object.keys(where).every((path) => holds(valueAt(root, path), where[path] ?? null));
}

/** The root for objects: their own fields, with the data fields spread beside them (data wins). */
export function whereRoot(object: GraphObject): JsonObject {
  return mergeObjects(objectToJson(object), object.data);
}

/** The value at a dotted path; `null` when a step is missing. */
export function valueAt(root: JsonValue, path: string): JsonValue {
  let value: JsonValue = root;
  for (const step of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return null;
    value = value[step] ?? null;
  }
  return value;
}

function holds(value: JsonValue, condition: JsonValue): boolean {
  const used = operatorsOf(condition);
  if (used === null || !isJsonObject(condition)) return jsonEqual(value, condition);
  return used.every((operator) => comparisons[operator](value, condition[operator] ?? null));
}

/** `null` for a literal, which a map without any operator is as well. */
function operatorsOf(condition: JsonValue): readonly Operator[] | null {
  if (!isJsonObject(condition)) return null;
  const keys = Object.keys(condition);
  const used = keys.filter(isOperator);
  if (used.length === 0) return null;
  const unknown = keys.find((key) => !isOperator(key));
  if (unknown !== undefined) throw unknownOperator(unknown);
  return used;
}

const comparisons: Readonly<Record<Operator, (left: JsonValue, right: JsonValue) => boolean>> = {
  '==': jsonEqual,
  '!=': (left, right) => !jsonEqual(left, right),
  in: (left, right) => isAmong(left, right),
  'not in': (left, right) => isJsonArray(right) && !isAmong(left, right),
  '>': (left, right) => order(left, right, (sign) => sign > 0),
  '<': (left, right) => order(left, right, (sign) => sign < 0),
  '>=': (left, right) => order(left, right, (sign) => sign >= 0),
  '<=': (left, right) => order(left, right, (sign) => sign <= 0),
};

function isAmong(value: JsonValue, list: JsonValue): boolean {
  return isJsonArray(list) && list.some((item) => jsonEqual(value, item));
}

/** Only two numbers or two texts have an order; everything else is neither less nor more. */
function order(left: JsonValue, right: JsonValue, accept: (sign: number) => boolean): boolean {
  if (typeof left === 'number' && typeof right === 'number') return accept(left - right);
  if (typeof left === 'string' && typeof right === 'string')
    return accept(left < right ? -1 : left > right ? 1 : 0);
  return false;
}

function isOperator(key: string): key is Operator {
  return operators.some((operator) => operator === key);
}

function unknownOperator(operator: string): Error {
  return new InternalEvaluatorError({
    summary: `where-filter has an unknown operator '${operator}'`,
    whatFailed: `A where-filter uses '${operator}', which is no operator.`,
    why: 'An operator that is not understood cannot be left out: the filter would select something else.',
    howToFix: `Use one of ${operators.join(', ')}. To compare with a map that has such a key, write { "==": MAP }.`,
    context: { operator },
  });
}
