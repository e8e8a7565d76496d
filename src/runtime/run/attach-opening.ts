/** Decides what is written down each time somebody starts to drive a run, together with the first events of that drive. */
import type { JsonObject } from '../../base/index.ts';
import { commitLimits } from '../../log/index.ts';
import { budgetToJson } from '../budget.ts';
import type { Engine } from '../engine.ts';
import { fingerprintOf } from '../replay/fingerprint.ts';
import { frameToJson, openingId, openingKind } from './opening.ts';
import type { BehaviorSummary } from './status.ts';

/** Since when an opening drives, and each of its behaviors with it. */
export interface DrivenSince {
  readonly seq: number;
  readonly behaviors: ReadonlyMap<string, number>;
}

/** Writes the record of an epoch, together with the next events of the run. */
export function attachOpening(engine: Engine, epoch: number, since: DrivenSince): void {
  const number = numberOf(engine, epoch);
  const id = openingId(engine.runId, number);
  // A run whose id leaves no room for more goes on without the record.
  if (id.length > commitLimits.idCharacters) return;
  const value: JsonObject = {
    epoch: number,
    from_seq: since.seq,
    engine_version: engine.platform.engineVersion,
    clock: engine.clock.kind,
    clock_start: engine.clock.start,
    seed: engine.seed,
    frame: engine.frame === null ? null : frameToJson(engine.frame),
    budget: budgetToJson(engine.budget),
    model: engine.model?.defaultModel ?? null,
    behaviors: engine.behaviors.map((behavior) => {
      const { declared, code } = fingerprintOf(behavior, engine.platform.sha256);
      return {
        ...behaviorToJson(behavior),
        from_seq: since.behaviors.get(behavior.name) ?? since.seq,
        declared_hash: declared,
        code_hash: code,
      };
    }),
    packs: engine.state.packs.map(({ name, version, prompts }) => ({
      name: name ?? null,
      version: version ?? null,
      prompts: prompts ?? {},
    })),
  };
  engine.journal.attach({
    kind: openingKind,
    id,
    expectedVersion: 'any',
    value: JSON.stringify(value),
  });
}

/** Records of one run stand in the order of its drives, and none takes the place of another: also where it came with records of elsewhere. */
function numberOf({ runId, lastOpening }: Engine, epoch: number): number {
  return lastOpening?.runId === runId ? Math.max(epoch, lastOpening.epoch + 1) : epoch;
}

export function summariesOf(engine: Engine): readonly BehaviorSummary[] {
  return engine.behaviors.map(({ name, kind, on, activateAfter }) => ({
    name,
    kind,
    subscribedTo: on,
    activateAfter,
  }));
}

function behaviorToJson({ name, kind, on, activateAfter }: Engine['behaviors'][number]): JsonObject {
  return { name, kind, subscribed_to: [...on], activate_after: activateAfter };
}
