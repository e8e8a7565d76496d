/** Decides how JSON is printed whatever its depth: `JSON.stringify` calls itself for each level, and what came as text may have more of them than a stack holds. */
import { isJsonArray, isJsonObject, type JsonValue } from './json.ts';

/** The text of `value`, indented by so many spaces; in one line where it is nested too deep for that, since indents alone would be gigabytes. */
export function jsonText(value: JsonValue, indent = 0): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    // Also thrown for a text longer than texts can be, and then again below.
    if (!(error instanceof RangeError)) throw error;
    return textOfDeep(value);
  }
}

type Piece = { readonly text: string } | { readonly value: JsonValue };

function textOfDeep(root: JsonValue): string {
  const texts: string[] = [];
  const left: Piece[] = [{ value: root }];
  for (let piece = left.pop(); piece !== undefined; piece = left.pop()) {
    if ('text' in piece) texts.push(piece.text);
    else for (const inside of piecesOf(piece.value).toReversed()) left.push(inside);
  }
  return texts.join('');
}

function piecesOf(value: JsonValue): readonly Piece[] {
  if (isJsonArray(value))
    return enclosed(
      '[',
      value.map((item) => ['', item]),
      ']',
    );
  if (!isJsonObject(value)) return [{ text: JSON.stringify(value) }];
  return enclosed(
    '{',
    Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}:`, item]),
    '}',
  );
}

function enclosed(
  start: string,
  items: readonly (readonly [before: string, value: JsonValue])[],
  end: string,
): readonly Piece[] {
  const inside = items.flatMap(([before, value], index): Piece[] => [
    { text: `${index === 0 ? '' : ','}${before}` },
    { value },
  ]);
  return [{ text: start }, ...inside, { text: end }];
}
