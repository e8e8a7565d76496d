/** Decides how a redaction is told: which events lose their data, which had lost it before, and which rows of runs lose what they repeat. */
import type { JsonObject } from '../../base/index.ts';
import type { RedactionNote } from '../../log/index.ts';
import type { PlannedRedaction } from '../../sessions/index.ts';
import { clean, line } from '../text/printable.ts';
import { redactionNoteText } from '../text/redaction-note.ts';

/** What is shown of a redaction. */
export interface RedactionSummary extends PlannedRedaction {
  readonly store: string;
  readonly sessionId: string;
  readonly isDryRun: boolean;
  readonly note: RedactionNote;
}

/** So many events are listed; the JSON has all. */
const listedAtMost = 50;

/** The lines that a person reads of a redaction. */
export function redactionText({ events, runs, left, isDryRun }: RedactionSummary): readonly string[] {
  const word = isDryRun ? 'would go' : 'gone';
  const going = events.filter(({ redacted }) => redacted === null).length;
  const more = events.length - listedAtMost;
  return [
    ...events.slice(0, listedAtMost).map(({ id, seq, type, timestamp, redacted }) => {
      const state = redacted === null ? word : 'before';
      const note = redacted === null ? '' : line`  (${redactionNoteText(redacted)})`;
      return `${state.padEnd(9)} ${clean(id)}  ${seq}  ${clean(type)}  ${clean(timestamp)}${note}`;
    }),
    ...(more > 0 ? [`and ${more} more events; --json names them all`] : []),
    ...runs.map(({ runId, parts }) => `${word.padEnd(9)} ${parts.join(' and ')} of run ${clean(runId)}`),
    summaryOf(going, events.length - going, isDryRun),
    ...(left.length === 0 ? [] : [leftText(left, isDryRun)]),
    ...(isDryRun && (going > 0 || runs.length > 0)
      ? ['Nothing was changed. With --apply it is done, and the data cannot be brought back.']
      : []),
  ];
}

function leftText(left: RedactionSummary['left'], isDryRun: boolean): string {
  const counts = left.map(({ type, events }) => `${events} ${clean(type)}`).join(', ');
  const options = left.map(({ type }) => `--type ${clean(type)}`).join(' ');
  return `left: ${counts} of the same runs may repeat what ${isDryRun ? 'goes' : 'went'}; to take them too, add ${options}`;
}

function summaryOf(going: number, before: number, isDryRun: boolean): string {
  const first = `${going} event${going === 1 ? '' : 's'} ${isDryRun ? 'would be ' : ''}redacted`;
  return `summary: ${first}, ${before} ${before === 1 ? 'was' : 'were'} before`;
}

/** What `--json` prints of a redaction. */
export function redactionToJson(summary: RedactionSummary): JsonObject {
  const { store, sessionId, isDryRun, note, events, runs, left } = summary;
  return {
    store,
    session_id: sessionId,
    dry_run: isDryRun,
    ...note,
    events: events.map(({ id, seq, type, timestamp, runId, redacted }) => ({
      event_id: id,
      sequence_number: seq,
      type,
      timestamp,
      run_id: runId,
      redacted_before: redacted === null ? null : { ...redacted },
    })),
    runs: runs.map(({ runId, parts }) => ({ run_id: runId, fields: [...parts] })),
    left: left.map(({ type, events: count }) => ({ type, events: count })),
    events_redacted: events.filter(({ redacted }) => redacted === null).length,
  };
}
