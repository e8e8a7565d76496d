/** Decides which numbers of a payload JavaScript cannot hold, so that a report can name them. The text keeps them all. */

/** Strings are passed over; the second part is a number as JSON, or Python, writes it. */
const token = /"(?:[^"\\]|\\.)*"|(-?\bInfinity\b|\bNaN\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/gs;

/** What in a payload is read differently from what stands there, in words; nothing for an ordinary one. */
export function numberNotes(payload: string): readonly string[] {
  const notes = new Set<string>();
  for (const [, found] of payload.matchAll(token)) {
    if (found === undefined) continue;
    if (/NaN|Infinity/.test(found)) notes.add(`${found} is read as null`);
    else if (/^-?\d+$/.test(found) && !Number.isSafeInteger(Number(found)))
      notes.add(
        `${found.length > 40 ? `an integer of ${found.length} digits` : found} is read as ${Number(found)}`,
      );
    else if (!Number.isFinite(Number(found))) notes.add(`${found.slice(0, 40)} is read as ${Number(found)}`);
  }
  return [...notes];
}
