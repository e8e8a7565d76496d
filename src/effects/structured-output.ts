/**
 * Decides what a model's text says when an answer in JSON was asked for. Models wrap JSON in prose and fences: the value is
 * looked for, but a piece of a broken or cut-off value is never taken for the whole.
 */
import { type JsonObject, jsonSchemaOf, type Schema, validate } from '../base/index.ts';

/** What became of a model's text under a schema: the value, or the reason code of the failure. */
export type StructuredOutput<Output> =
  | { readonly ok: true; readonly value: Output }
  | {
      readonly ok: false;
      readonly reason: 'llm.parse_error' | 'llm.schema_violation';
      readonly message: string;
      /** What goes into `behavior.failed` beside the reason. */
      readonly extras: JsonObject;
    };

/** Finds the JSON value of an answer and validates it. `name` is what the schema is called in messages. */
export function parseStructured<Output>(
  text: string,
  schema: Schema<Output>,
  name?: string,
): StructuredOutput<Output> {
  const found = findJson(text);
  if (found === undefined || found === null) {
    const underlying =
      found === null
        ? 'The answer is the JSON value null.'
        : 'There is no complete JSON value in the answer.';
    return {
      ok: false,
      reason: 'llm.parse_error',
      message: underlying,
      extras: { raw_text: text, underlying },
    };
  }
  const validated = validate(schema, found);
  if (validated.ok) return validated;
  const errors = validated.issues.map(({ path, message }) => ({ path, message }));
  const first = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return {
    ok: false,
    reason: 'llm.schema_violation',
    message: `The answer does not fit ${name === undefined ? 'its schema' : `the schema '${name}'`}: ${first}`,
    extras: { raw_text: text, schema: name ?? jsonSchemaOf(schema), validation_errors: errors },
  };
}

/** The whole text, or the first fenced value, or the first value in brackets; `undefined` when there is none. */
function findJson(text: string): unknown {
  const whole = parsed(text.trim());
  if (whole !== undefined) return whole;
  const fence = /```(?:json)?\s*(?=[{[])/i.exec(text);
  if (fence !== null) {
    const start = fence.index + fence[0].length;
    const end = endOfValue(text, start).balancedEnd;
    const value = end === null ? undefined : parsed(text.slice(start, end));
    if (value !== undefined) return value;
  }
  return firstBracketed(text);
}

/** Goes on behind whatever it looked at, so that it stays linear and never takes an inner value of a broken outer one. */
function firstBracketed(text: string): unknown {
  const opening = /\{(?=\s*["}])|\[(?=\s*(?:["{[\]\d]|-\d|true|false|null))/g;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const { balancedEnd, next } = endOfValue(text, match.index);
    const value = balancedEnd === null ? undefined : parsed(text.slice(match.index, balancedEnd));
    if (value !== undefined) return value;
    opening.lastIndex = next;
  }
  return undefined;
}

/** Follows brackets, strings left aside, from the one at `start` to its partner, to a wrong partner, or to the end. */
function endOfValue(
  text: string,
  start: number,
): { readonly balancedEnd: number | null; readonly next: number } {
  const expected: string[] = [];
  const token = /[{}[\]]|"[^"\\]*(?:\\.[^"\\]*)*"|"/gs;
  token.lastIndex = start;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === '{') expected.push('}');
    else if (found === '[') expected.push(']');
    else if (found === '"') break;
    else if (found === '}' || found === ']') {
      if (expected.pop() !== found) return { balancedEnd: null, next: token.lastIndex };
      if (expected.length === 0) return { balancedEnd: token.lastIndex, next: token.lastIndex };
    }
  }
  return { balancedEnd: null, next: text.length };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
