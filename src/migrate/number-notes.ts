/** Decides which numbers of a payload JavaScript cannot hold, so that a report can name them. The text keeps them all. */

/** Where a string begins, or a number as JSON, or Python, writes it. */
const token = /"|-?\bInfinity\b|\bNaN\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The numbers, strings passed over: by hand, because a pattern for a whole string needs memory for each of its characters. */
function* numbersIn(payload: string): Generator<string> {
  const pattern = new RegExp(token);
  for (let found = pattern.exec(payload); found !== null; found = pattern.exec(payload)) {
    if (found[0] === '"') pattern.lastIndex = endOfString(payload, pattern.lastIndex);
    else yield found[0];
  }
}

/** The place behind the closing quote of a string whose text begins here; the end where nothing closes it. */
function endOfString(payload: string, start: number): number {
  for (let end = payload.indexOf('"', start); end !== -1; end = payload.indexOf('"', end + 1)) {
    let slashes = 0;
    while (end - slashes > start && payload[end - slashes - 1] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return payload.length;
}

/** A number of a payload that is read differently from what stands there. */
export interface InexactText {
  readonly text: string;
  readonly readAs: string;
}

/** Each of them once; nothing for an ordinary payload. */
export function inexactNumbers(payload: string): readonly InexactText[] {
  const found = new Map<string, string>();
  for (const text of numbersIn(payload)) {
    if (/NaN|Infinity/.test(text)) found.set(text, 'null');
    else if (!Number.isFinite(Number(text)) || (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))))
      found.set(text, String(Number(text)));
  }
  return [...found].map(([text, readAs]) => ({ text, readAs }));
}

/** What in a payload is read differently from what stands there, in words; nothing for an ordinary one. */
export function numberNotes(payload: string): readonly string[] {
  const notes = inexactNumbers(payload).map(({ text, readAs }) => {
    const isLong = text.length > 40 && /^-?\d+$/.test(text);
    return `${isLong ? `an integer of ${text.length} digits` : text.slice(0, 40)} is read as ${readAs}`;
  });
  return [...new Set(notes)];
}
