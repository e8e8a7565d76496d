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
import { type GraphObject, objectToJson } from './elements.ts';

/** `{ 'object.type': 'task', 'object.data.effort': { '>': 3, '<=': 8 } }` */
export type Where = Readonly<Record<string, JsonValue>>;

const operators = new Set(['>', '<', '>=', '<=', '==', '!=', 'in', 'not in']);

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
  if (!isJsonObject(condition)) return jsonEqual(value, condition);
  const keys = Object.keys(condition);
  // A map without any operator is a literal.
  if (!keys.some((key) => operators.has(key))) return jsonEqual(value, condition);
  return keys.every((operator) => compare(operator, value, condition[operator] ?? null));
}

function compare(operator: string, left: JsonValue, right: JsonValue): boolean {
  switch (operator) {
    case '==':
      return jsonEqual(left, right);
    case '!=':
      return !jsonEqual(left, right);
    case 'in':
      return isJsonArray(right) && right.some((item) => jsonEqual(left, item));
    case 'not in':
      return isJsonArray(right) && !right.some((item) => jsonEqual(left, item));
    case '>':
      return order(left, right, (sign) => sign > 0);
    case '<':
      return order(left, right, (sign) => sign < 0);
    case '>=':
      return order(left, right, (sign) => sign >= 0);
    case '<=':
      return order(left, right, (sign) => sign <= 0);
    default:
      throw unknownOperator(operator);
  }
}

/** Only two numbers or two texts have an order; everything else is neither less nor more. */
function order(left: JsonValue, right: JsonValue, accept: (sign: number) => boolean): boolean {
  if (typeof left === 'number' && typeof right === 'number') return accept(left - right);
  if (typeof left === 'string' && typeof right === 'string')
    return accept(left < right ? -1 : left > right ? 1 : 0);
  return false;
}

function unknownOperator(operator: string): Error {
  return new InternalEvaluatorError({
    summary: `where-filter has an unknown operator '${operator}'`,
    whatFailed: `A where-filter uses '${operator}' beside known operators.`,
    why: 'An operator that is not understood cannot be left out: the filter would select something else.',
    howToFix: `Use one of ${[...operators].join(', ')}.`,
    context: { operator },
  });
}
