/** Decides how a program asks whether it still makes a recorded run: the store is read, and nothing is written or asked. */
import {
  checkArguments,
  checkOptionNames,
  canonicalJson,
  docUrlOf,
  type JsonValue,
  LogOutlet,
  MetricsOutlet,
  redactor as builtInRedactor,
  shellWord,
} from '../../base/index.ts';
import type { LogStore } from '../../log/index.ts';
import { replayPack } from '../../packs/index.ts';
import { ReplayDivergenceError, verifyRecordedRun, type VerifyReport } from '../../runtime/index.ts';
import { verifyToJson } from '../../view/index.ts';
import { chooseRun } from '../choose-run.ts';
import { withLogging } from '../observe/configure-logging.ts';
import { nodePlatform } from '../node-platform.ts';
import { toolsOf } from '../open.ts';
import { storeUrlOf } from '../open-store.ts';
import { type LoadOptions, openOptionNames } from '../open-options.ts';
import { withStore } from '../with-store.ts';

/**
 * Runs the behaviors of a run again, served from its record, and compares every event. Give what the run was driven with:
 * `behaviors`, `tools`, `types`, `policies`, `packs`, `upcasts`. A `model` is not asked; it names the default. The budget, clock, seed and
 * frame are those of the record. Resolves to a report; a difference is its `divergence`. Rejects with `RunNotFoundError`,
 * `DamagedHistoryError`, and the errors of registration.
 */
export async function verifyRun(
  target: string | URL | LogStore,
  options: LoadOptions = {},
): Promise<VerifyReport> {
  checkArguments('verifyRun', {
    target: [target, 'text', 'with href', 'with commit'],
    options: [options, 'object'],
  });
  checkOptionNames('verifyRun', options, openOptionNames);
  const verified = async (store: LogStore): Promise<VerifyReport> => {
    const { info } = await chooseRun(store, options.runId);
    const packs = (options.packs ?? []).map((request) => replayPack(request, nodePlatform.sha256));
    const tools = toolsOf(options);
    const report = await verifyRecordedRun(store, info.id, {
      ...options,
      tools,
      platform: nodePlatform,
      packs,
    });
    tellDivergence(report, withLogging(options));
    return report;
  };
  if (typeof target === 'string' || target instanceof URL)
    return withStore(storeUrlOf(target), 'read', verified);
  return verified(target);
}

/** The repetition itself is not observed: it happened before. */
function tellDivergence({ runId, divergence }: VerifyReport, options: LoadOptions): void {
  if (divergence === null) return;
  const { metrics, logger, observeRedactor: redactor = builtInRedactor() } = options;
  const { warn } = nodePlatform;
  const { kind: reason, eventId, eventType, behavior } = divergence;
  if (metrics !== undefined)
    new MetricsOutlet(metrics, warn).count('runlog_replay_divergence_detected_total', { reason });
  if (logger === undefined) return;
  new LogOutlet({ logger, redactor, warn }).write('critical', 'runlog.runtime', 'replay diverged', {
    run_id: runId,
    event_id: eventId,
    event_type: eventType,
    ...(behavior === null ? {} : { behavior }),
    reason,
    doc_url: docUrlOf('replay-divergence-error'),
  });
}

/** Throws `ReplayDivergenceError`, with the report as its context, when there is a divergence. */
export function checkVerified(report: VerifyReport): void {
  checkArguments('checkVerified', { report: [report, 'with runId'] });
  const { runId, divergence } = report;
  if (divergence === null) return;
  const { eventId, field, expected, actual, probablyChanged } = divergence;
  throw new ReplayDivergenceError({
    summary: `run '${runId}' is not repeated at ${eventId}: ${field} was ${short(expected)}, is ${short(actual)}`,
    whatFailed: `The behaviors that were given do not make the log of '${runId}' again; the first difference is ${field} of ${eventId}.`,
    why: 'A log explains a run only as long as somebody can show that this code makes it.',
    howToFix: `Probably changed: ${probablyChanged.join('; ')}.\nVerify with what the run was driven with, or fork the run before ${eventId} to go on with what is new; \`--record\` asks models and tools again:\n\`runlog fork URL --run-id ${shellWord(runId)} --at-event EVENT --record\``,
    context: verifyToJson(report),
  });
}

function short(value: JsonValue): string {
  const text = canonicalJson(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
