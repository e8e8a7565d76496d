/**
 * Decides how a value looks inside a trace line. The format of the trace is a contract that was fixed in Python: `None`, `True`
 * and single quotes are part of it.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '../../base/index.ts';

/** As Python's `str`: a text stands bare. */
export function pythonText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : pythonRepr(value ?? null);
}

/** As Python's `repr`: a text stands in quotes. */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return quoted(value);
  if (isJsonArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`);
  return `{${entries.join(', ')}}`;
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
