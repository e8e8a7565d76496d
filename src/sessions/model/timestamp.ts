/**
 * Decides how a moment is written in sessions: UTC, with a Z, to the microsecond, so that the order of the texts is the order of
 * the moments. Any RFC 3339 text is read; what it says beyond the microsecond is dropped.
 */

const rfc3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;

/** A text that is that of its moment already, which most are. A 29th of February is read as all others. */
const ownText =
  /^\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;
const ownTextLength = 27;

/** `2026-11-21T09:30:00.123456Z` of milliseconds since 1970, which may carry a fraction. */
export function formatMicros(ms: number): string {
  const whole = Math.floor(ms);
  const micros = Math.min(999, Math.round((ms - whole) * 1000));
  const text = new Date(whole).toISOString();
  return `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

/** The one text of a moment; `null` when it cannot be read. */
export function readTimestamp(text: string): string | null {
  if (text.length === ownTextLength && ownText.test(text)) return text;
  const [match, date, time, fraction = '', zulu, sign, hours = '0', minutes = '0'] = rfc3339.exec(text) ?? [];
  if (match === undefined || date === undefined || time === undefined) return null;
  const atMs = Date.parse(`${date}T${time}Z`);
  if (!Number.isFinite(atMs)) return null;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const offsetMs = zulu === undefined ? (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
  const utc = new Date(sign === '-' ? atMs + offsetMs : atMs - offsetMs).toISOString();
  // A year beyond four digits is written with a sign, and would not sort among the others.
  return /^\d{4}-/.test(utc) ? `${utc.slice(0, 19)}.${micros}Z` : null;
}
