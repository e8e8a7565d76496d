/**
 * Decides whether the code that is here makes a recorded run again: the loop runs in memory, stretch by stretch, is handed
 * what came from outside where it came, and is stopped at the first event that is another one. Asks nobody, writes nothing.
 */
import { checkArguments } from '../../base/index.ts';
import { EventForms, type LogStore } from '../../log/index.ts';
import type { Behavior } from '../behavior.ts';
import type { Opening } from '../run/opening.ts';
import { programBundle } from '../run/options.ts';
import { checkBundle } from '../run/install.ts';
import type { VerifyReport } from './divergence.ts';
import type { VerifyOptions } from './given.ts';
import { readRecordedRun, type RecordedRun } from './recorded-run.ts';
import { Repetition } from './repetition.ts';
import { allOpenings, stretchesOf } from './stretches.ts';

/**
 * Verifies a run against its log. Rejects with `RunNotFoundError`, `DamagedHistoryError`, `UpcastError`, and the errors of registration; a
 * difference is no error but a part of the report.
 */
export async function verifyRecordedRun(
  store: LogStore,
  runId: string,
  options: VerifyOptions,
): Promise<VerifyReport> {
  checkArguments('verifyRecordedRun', {
    store: [store, 'with commit'],
    runId: [runId, 'text'],
    options: [options, 'with platform'],
  });
  const { platform } = options;
  const forms = new EventForms(options.upcasts);
  const record = await readRecordedRun(store, runId, { sha256: platform.sha256, forms });
  const openings = await allOpenings(store, runId);
  const program = programBundle(options);
  checkBundle({ behaviors: [], tools: new Map(), hasModel: true }, program);
  const repetition = new Repetition({
    store,
    record,
    forms,
    options,
    knownNames: namesIn(record, openings),
    given: [
      ...program.behaviors,
      ...options.packs.flatMap(({ behaviors }): readonly Behavior[] => behaviors),
    ],
  });
  for (const stretch of stretchesOf(record, openings, options)) {
    await repetition.run(stretch);
    if (repetition.divergence !== null) break;
  }
  const { divergence, verified, invocations, calls } = repetition;
  return { runId, events: record.length, verified, invocations, calls, divergence };
}

function namesIn(record: RecordedRun, openings: readonly Opening[]): ReadonlySet<string> {
  const names = new Set(openings.flatMap(({ behaviors }) => behaviors.map(({ name }) => name)));
  for (const { type, payload } of record.events) {
    if (type.endsWith('behavior.started') && typeof payload['behavior'] === 'string')
      names.add(payload['behavior']);
  }
  return names;
}
