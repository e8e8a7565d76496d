/** Decides how a whole run reads as a trace, when all of its events are at hand. */
import type { LogEvent } from '../../log/index.ts';
import type { Paint } from '../text/paint.ts';
import { traceLines } from './event-line.ts';
import { TraceFlags } from './trace-flags.ts';

/** The trace of a run: the header where there is one, then every event, oldest first. */
export function traceText(
  events: Iterable<LogEvent>,
  options: { readonly paint?: Paint } = {},
): readonly string[] {
  const all = [...events];
  const flags = new TraceFlags();
  for (const event of all) flags.add(event);
  const lines = all.flatMap((event) =>
    traceLines(event, { ...options, hidesNormalized: flags.hidesNormalized }),
  );
  return flags.line === null ? lines : [flags.line, ...lines];
}
