/**
 * Decides how a value looks inside a trace line. The format of the trace is a contract that was fixed in Python: `None`, `True`
 * and single quotes are part of it.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '../../base/index.ts';

/** As Python's `str`: a text stands bare. */
export function pythonText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : pythonRepr(value ?? null);
}

/** As Python's `repr`: a text stands in quotes. Without recursion: what comes from elsewhere may be nested deeper than a stack. */
export function pythonRepr(value: JsonValue): string {
  const pieces: string[] = [];
  // What is still to be written, the next one last.
  const waiting: (string | { readonly value: JsonValue })[] = [{ value }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') pieces.push(next);
    else if (isJsonArray(next.value)) {
      pieces.push('[');
      waiting.push(']');
      const items = next.value.map((item) => ({ before: '', item }));
      for (const each of inTurn(items)) waiting.push(each);
    } else if (isJsonObject(next.value)) {
      pieces.push('{');
      waiting.push('}');
      const items = Object.entries(next.value).map(([key, item]) => ({ before: `${quoted(key)}: `, item }));
      for (const each of inTurn(items)) waiting.push(each);
    } else pieces.push(scalarRepr(next.value));
  }
  return pieces.join('');
}

interface Item {
  readonly before: string;
  readonly item: JsonValue;
}

/** The last one first, so that the first is taken first. */
function* inTurn(items: readonly Item[]): Generator<string | { readonly value: JsonValue }> {
  for (const [index, { before, item }] of [...items.entries()].toReversed()) {
    yield { value: item };
    yield index === 0 ? before : `, ${before}`;
  }
}

function scalarRepr(value: string | number | boolean | null): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  return typeof value === 'number' ? pythonNumber(value) : quoted(value);
}

/** What Python takes for true: neither nothing, nor zero, nor empty. */
export function isTruthy(value: JsonValue | undefined): boolean {
  if (isJsonArray(value ?? null)) return Array.isArray(value) && value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Python writes exponents with at least two digits. */
function pythonNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return quote + escaped.replaceAll(quote, `\\${quote}`) + quote;
}
