/** Decides how events of a session of the store at a URL are redacted: looked at first, and without `apply` nothing is opened for writing. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import { commitLimits, type RedactionNote, withoutCredentials } from '../../log/index.ts';
import {
  type PlannedRedaction,
  planSessionRedaction,
  type RedactionChoice,
  redactSessionEvents,
} from '../../sessions/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { openStore } from '../open-store.ts';

/** Which events, who redacts them and why, and whether anything is changed. */
export interface RedactOptions extends RedactionChoice {
  readonly by: string;
  readonly reason: string;
  /** Do it. Without it nothing is changed, and the report says what would be done. */
  readonly apply?: boolean;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  by: true,
  reason: true,
  apply: true,
  eventIds: true,
  types: true,
} satisfies Record<keyof RedactOptions, true>);

/** What a redaction drops, and what was dropped before. */
export interface RedactionReport extends PlannedRedaction {
  readonly store: string;
  readonly sessionId: string;
  readonly isDryRun: boolean;
  /** What stands in the place of the data. */
  readonly note: RedactionNote;
}

/**
 * Drops the data of events of a session, and what the rows of their runs repeat of it. More than 10,000 events go in several
 * transactions; ended in between, the same call completes it. Rejects as `planSessionRedaction` does, and with the errors of opening.
 */
export async function redactEvents(
  url: string,
  sessionId: string,
  options: RedactOptions,
): Promise<RedactionReport> {
  checkArguments('redactEvents', {
    url: [url, 'text'],
    sessionId: [sessionId, 'text'],
    options: [options, 'object'],
  });
  checkOptionNames('redactEvents', options, optionNames);
  const { by, reason, apply = false, ...choice } = options;
  checkArguments('redactEvents', {
    'options.by': [by, 'text'],
    'options.reason': [reason, 'text'],
    'options.apply': [apply, 'boolean'],
  });
  const store = await openStore(url, { mode: apply ? 'write' : 'read' });
  try {
    const plan = await planSessionRedaction(store, sessionId, choice);
    const note = { by, at: new Date(nodePlatform.nowMs()).toISOString(), reason };
    // What was redacted before goes along: its bytes may still be in a file that somebody was reading then.
    const seqs = apply ? plan.events.map(({ seq }) => seq) : [];
    for (let from = 0; from < seqs.length; from += commitLimits.events) {
      const some = seqs.slice(from, from + commitLimits.events);
      await redactSessionEvents(store, { logId: sessionId, seqs: some, note });
    }
    return { ...plan, store: withoutCredentials(url), sessionId, isDryRun: !apply, note };
  } finally {
    await store.close();
  }
}
