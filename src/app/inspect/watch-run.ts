/** Decides how a run is watched: its log is read once, and from then on what was appended, at most a few times a second. */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkedOptions, checkOptionNames } from '../../base/index.ts';
import { runNotFound } from '../../log/index.ts';
import { loadRunState } from '../../runtime/index.ts';
import type { RunReport } from '../../view/index.ts';
import { chooseRun } from '../choose-run.ts';
import {
  eventsOf,
  inspectNames,
  type InspectOptions,
  lastLimits,
  limitsAt,
  reportOf,
  stopTypes,
} from './inspect-run.ts';
import { nodePlatform } from '../node-platform.ts';
import { openStore } from '../open-store.ts';

/** A run that writes ten thousand events a second is told of four times. */
const tellEveryMs = 250;

/** Who holds a run changes without an event when its process is killed. */
const lookAgainMs = 2000;

/**
 * The status of a run, at once and whenever it has changed, with the last event; without an end. Rejects as `inspectRun` does, and with `RunNotFoundError` when the run is deleted.
 */
export async function* watchRun(url: string, options: InspectOptions = {}): AsyncGenerator<RunReport> {
  checkOptionNames('watchRun', checkedOptions('watchRun', options), inspectNames);
  const store = await openStore(url, { mode: 'read' });
  try {
    const { info, isNewest } = await chooseRun(store, options.runId);
    const { id } = info;
    const arrivals = store.tail({ logId: id, from: 'end' })[Symbol.asyncIterator]();
    let arrival = arrivals.next();
    const state = await loadRunState(store, id, nodePlatform);
    let limits = await lastLimits(store, id);
    let told = '';
    for (;;) {
      for await (const event of eventsOf(store, id, { after: state.seq })) {
        state.apply(event, false);
        if (stopTypes.includes(event.type)) limits = limitsAt(event);
      }
      const now = await store.info(id);
      if (now === undefined) throw runNotFound({ logId: id, operation: 'status' });
      const chosen = { info: now, isNewest };
      const report = await reportOf(store, chosen, {
        state,
        limits,
        tail: state.recent.last(1),
        isVerified: false,
      });
      const { status, holder } = report;
      const seen = `${status.eventsProcessed} ${status.state} ${holder?.pid}@${holder?.host}`;
      if (seen !== told) yield report;
      told = seen;
      await sleep(tellEveryMs);
      const came = await Promise.race([arrival, sleep(lookAgainMs, null)]);
      if (came !== null) arrival = arrivals.next();
    }
  } finally {
    await store.close();
  }
}
