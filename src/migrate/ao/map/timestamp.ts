/**
 * Decides which times are taken over. The rewrite fails a whole query on one text that it cannot parse, so every time is written
 * anew, in UTC with milliseconds, and what is no sure time is left to the next source.
 */

const isoTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d{2}:?\d{2})(?: UTC)?)?)?$/;

/** Nothing before the first and after the last of these years is a time of this tool. */
const years = { first: 1970, last: 2100 };

/** `null` for what is no time in ISO 8601 (a time without a zone is UTC) between 1970 and 2100. */
export function parseTime(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const match = isoTime.exec(value.trim());
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone] =
    match;
  const date = new Date(
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(fraction.padEnd(3, '0').slice(0, 3)),
    ),
  );
  const isReal =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  return isReal ? timeOfMs(date.getTime() - offsetMs(zone)) : null;
}

function offsetMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** `null` for what is out of range. */
export function timeOfMs(ms: number): string | null {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= years.first && year <= years.last ? date.toISOString() : null;
}

/** Registries hold whole seconds as a number. */
export function timeOfSeconds(value: unknown): string | null {
  return typeof value === 'number' ? timeOfMs(value * 1000) : null;
}
