/**
 * Decides whether the code that is here can drive a run: events that wait for a behavior or a pack that was not given would be
 * passed over without a word, and the run would call itself idle.
 */
import { IncompatibleRuntimeState } from '../../base/index.ts';
import type { Engine } from '../engine.ts';

/**
 * Throws `IncompatibleRuntimeState` when something is missing that the run was driven by and that work may wait for. `hadWork`:
 * whether something was left to do when the run was opened.
 */
export function checkDrivers(engine: Engine, hadWork: boolean): void {
  const packs = missingPacks(engine);
  const behaviors = missingBehaviors(engine, hadWork);
  if (packs.length + behaviors.length === 0) return;
  const { runId } = engine;
  const named = [...packs.map((name) => `pack '${name}'`), ...behaviors.map((name) => `behavior '${name}'`)];
  throw new IncompatibleRuntimeState({
    summary: `run '${runId}' was driven by ${named[0]}${named.length > 1 ? ` and ${named.length - 1} more` : ''}, not given now`,
    whatFailed: `Run '${runId}' was to go on without ${named.join(', ')}.`,
    why: 'Events that wait for what is missing would be passed over, and could not be told from events that nobody waits for.',
    howToFix:
      'Pass them to `load`: `behaviors: [...]`, `packs: [...]`. To go on without them on purpose, pass `withoutMissing: true`.',
    context: { run_id: runId, packs: [...packs], behaviors: [...behaviors] },
  });
}

/** What a pack brought can wait for nobody else, whatever the run does next. */
function missingPacks({ state, settings }: Engine): readonly string[] {
  const loaded = state.packs.map(({ name }) => name).filter((name) => typeof name === 'string');
  return [...new Set(loaded)].filter((name) => !settings.has(name));
}

/** A program may drop a behavior between two goals; in the middle of work, or with nothing at all given, it is a mistake. */
function missingBehaviors(
  { behaviors, runId, lastOpening: last }: Engine,
  hadWork: boolean,
): readonly string[] {
  if (last === null) return [];
  const isOwn = last.runId === runId;
  if (behaviors.length > 0 && !(isOwn && hadWork)) return [];
  const given = new Set(behaviors.map(({ name }) => name));
  return last.behaviors.map(({ name }) => name).filter((name) => !given.has(name));
}
