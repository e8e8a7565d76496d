/**
 * Decides how the outside of a fork is played when its cost is planned: nobody is asked. What would be asked is noted, and the
 * invocation that would ask ends there.
 */
import {
  llmError,
  type ModelProvider,
  type ModelRequest,
  type Tool,
  toolError,
  type ToolInvoker,
} from '../../effects/index.ts';
import { type Pack, type PackRequest, packOf } from '../../packs/index.ts';
import type { Behavior } from '../../runtime/index.ts';

/** A call that would be made. */
export type Asked =
  | { readonly kind: 'model'; readonly request: ModelRequest }
  | { readonly kind: 'tool'; readonly tool: Tool };

export interface PlanningOutside {
  readonly model: ModelProvider;
  readonly invoker: ToolInvoker;
  /** By the key under which it would be made, in the order in which it came up. */
  readonly asked: ReadonlyMap<string, Asked>;
}

const message = 'the plan ends here: the answer is not in the record';
/** Marks failures that the plan itself made. */
const extras = { planned: true };

export function planningOutside(defaultModel: string): PlanningOutside {
  const asked = new Map<string, Asked>();
  const model: ModelProvider = {
    defaultModel,
    recognizesModel: () => true,
    estimateCost: () => '0',
    countTokens: async () => 0,
    complete: async (request, { idempotencyKey }) => {
      asked.set(idempotencyKey, { kind: 'model', request });
      throw llmError('llm.fixture_missing', message, extras);
    },
  };
  const invoker: ToolInvoker = {
    invoke: async (tool, _args, { idempotencyKey }) => {
      asked.set(idempotencyKey, { kind: 'tool', tool });
      throw toolError('tool.fixture_missing', message, extras);
    },
  };
  return { model, invoker, asked };
}

/** A behavior that lets failures pass which are the plan's own: in the fork they would not be there. */
export function deafToPlan(behavior: Behavior): Behavior {
  const { when } = behavior;
  if (!behavior.on.includes('behavior.failed')) return behavior;
  return Object.freeze({
    ...behavior,
    when: (input: never) => !isPlanned(input) && (when === null || when(input)),
  });
}

export function packDeafToPlan(request: PackRequest): PackRequest {
  const { pack: given, settings } = packOf(request);
  const pack: Pack = { ...given, behaviors: given.behaviors.map(deafToPlan) };
  return settings === undefined ? pack : { pack, settings };
}

function isPlanned({ event }: { readonly event: { readonly payload: object } }): boolean {
  return 'planned' in event.payload && event.payload.planned === true;
}
