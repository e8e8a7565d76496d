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

/** What in a payload is read differently from what stands there, in words; nothing for an ordinary one. */
export function numberNotes(payload: string): readonly string[] {
  const notes = new Set<string>();
  for (const found of numbersIn(payload)) {
    if (/NaN|Infinity/.test(found)) notes.add(`${found} is read as null`);
    else if (/^-?\d+$/.test(found) && !Number.isSafeInteger(Number(found)))
      notes.add(
        `${found.length > 40 ? `an integer of ${found.length} digits` : found} is read as ${Number(found)}`,
      );
    else if (!Number.isFinite(Number(found))) notes.add(`${found.slice(0, 40)} is read as ${Number(found)}`);
  }
  return [...notes];
}
