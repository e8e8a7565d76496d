/** Decides how the ids of a run are spelled, and how the counters behind them are read back from a spelled id. */

/** `evt_007`: prefix, underscore, at least three digits. */
export function numberedId(prefix: string, number: number): string {
  return `${prefix}_${number < 1000 ? String(number).padStart(3, '0') : number}`;
}

/** The event id that belongs to a place in the log of a run. */
export function eventIdAt(seq: number): string {
  return numberedId('evt', seq);
}

/** The place that a canonical event id names, or `null` when the id is not the canonical spelling of one. */
export function seqOfEventId(id: string): number | null {
  if (!id.startsWith('evt_')) return null;
  const number = Number(id.slice(4));
  return Number.isSafeInteger(number) && number > 0 && eventIdAt(number) === id ? number : null;
}

/** `claim#12`: objects of all types share one counter in a run. */
export function objectId(type: string, number: number): string {
  return `${type}#${number}`;
}

/** The counter behind `claim#12`, `rel_003` or `patch_001`; 0 when the id was chosen by somebody else. A type may hold a `#`. */
export function counterOf(id: string): number {
  const digits = /^(?:.*#|[A-Za-z]+_)(\d{1,15})$/s.exec(id)?.[1];
  return digits === undefined ? 0 : Number(digits);
}
