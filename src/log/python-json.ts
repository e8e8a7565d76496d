/**
 * Decides how a payload is read that Python wrote and JSON does not allow: `NaN`, `Infinity` and `-Infinity` stand for `null`
 * in the projection. The stored text stays as it is.
 */

/** A string, which is passed over whole, or one of the three words. */
const token = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

/** The text with the three words as `null`; `undefined` when it holds none of them. */
export function withoutPythonNumbers(text: string): string | undefined {
  let found = false;
  const replaced = text.replace(token, (part) => {
    if (part.startsWith('"')) return part;
    found = true;
    return 'null';
  });
  return found ? replaced : undefined;
}
