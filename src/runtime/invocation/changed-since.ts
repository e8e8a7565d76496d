/**
 * Decides what a resumed invocation that asks another question names as the likely cause: how the program that is here differs
 * from the record of whoever drove the run before it.
 */
import type { LogEvent } from '../../log/index.ts';
import type { Engine } from '../engine.ts';
import { packSays, probablyChanged } from '../replay/probably-changed.ts';
import type { AskedNow } from './recorded-calls.ts';

/** At least one cause, the likeliest first. */
export function changedSince(engine: Engine, request: LogEvent, asked: AskedNow): readonly string[] {
  const { lastOpening: opening, behaviors: given, platform, model } = engine;
  const { behavior } = request.payload;
  const made = { ...request, type: asked.type, payload: { ...request.payload, ...asked.payload() } };
  const causes = probablyChanged({
    recorded: request,
    made,
    field: 'payload',
    behavior: typeof behavior === 'string' ? behavior : null,
    opening,
    knownNames: new Set(given.map(({ name }) => name)),
    given,
    engineVersion: platform.engineVersion,
    defaultModel: model?.defaultModel ?? null,
    sha256: platform.sha256,
  });
  return [...new Set([...changedPacks(engine), ...causes])];
}

function changedPacks({ bundles, state }: Engine): readonly string[] {
  return bundles.flatMap(({ pack }) => {
    const then = state.packs.find(({ name }) => name === pack?.name);
    return pack?.loadedAs === undefined || then === undefined ? [] : packSays(then, pack.loadedAs);
  });
}
