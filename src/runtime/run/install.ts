/** Decides how behaviors, tools and types come into an open run: all of a bundle or nothing, checked before anything changes. */
import { deepFreeze, InvalidRuntimeConfiguration } from '../../base/index.ts';
import { invalidToolRegistration, missingProvider, missingTool, type Tool } from '../../effects/index.ts';
import type { Behavior } from '../behavior.ts';
import type { Bundle } from '../bundle.ts';
import type { Engine } from '../engine.ts';
import { duplicateBehavior, notABehavior } from '../errors.ts';

/** What a bundle has to fit. */
export interface Present {
  readonly behaviors: readonly { readonly name: string }[];
  readonly tools: ReadonlyMap<string, Tool>;
  /** True when there is somebody to ask. */
  readonly hasModel: boolean;
}

/** Throws the errors of `checkBundle`; nothing is installed then. */
export function install(engine: Engine, bundle: Bundle): void {
  const { behaviors, tools, types, model, journal } = engine;
  const allTools = checkBundle({ behaviors, tools, hasModel: model !== null }, bundle);
  const { owner, loadedPayload } = bundle;
  if (loadedPayload !== null)
    journal.append({ type: 'pack.loaded', actor: 'runtime', causedBy: null, payload: loadedPayload });
  const settings = deepFreeze(bundle.settings);
  for (const tool of allTools) tools.set(tool.name, tool);
  for (const type of bundle.objectTypes) types.declareObject(type, owner);
  for (const type of bundle.relationTypes) types.declareRelation(type, owner);
  behaviors.push(...bundle.behaviors.map((behavior) => ({ ...behavior, owner, settings })));
  engine.policies.push(...bundle.policies);
  if (owner !== null) engine.settings.set(owner, settings);
  engine.bundles.push(bundle);
}

/**
 * The tools that come with a bundle. Throws `InvalidRuntimeConfiguration` for a name that is taken, `MissingProviderError`,
 * `MissingToolError`, and `InvalidArgumentType` or `InvalidToolRegistration` for what is no behavior or no tool.
 */
export function checkBundle(present: Present, bundle: Bundle): readonly Tool[] {
  for (const behavior of bundle.behaviors) if (!isBehavior(behavior)) throw notABehavior('listed', behavior);
  const tools = new Map(present.tools);
  const added = [...bundle.tools, ...bundle.behaviors.flatMap(listedTools)];
  for (const tool of added) {
    if (!isTool(tool)) throw invalidToolRegistration({ found: typeof tool });
    if ((tools.get(tool.name) ?? tool) !== tool) throw duplicate('tools', tool.name);
    tools.set(tool.name, tool);
  }
  checkNames('object types', bundle.objectTypes);
  checkNames('relation types', bundle.relationTypes);
  const names = new Set(present.behaviors.map(({ name }) => name));
  for (const behavior of bundle.behaviors) {
    if (names.has(behavior.name)) throw duplicateBehavior({ name: behavior.name });
    names.add(behavior.name);
    if (behavior.llm !== null && !present.hasModel) throw missingProvider({ behavior: behavior.name });
    for (const name of behavior.tools.map(nameOf)) {
      if (!tools.has(name))
        throw missingTool({ tool: name, behavior: behavior.name, registered: [...tools.keys()] });
    }
  }
  return added;
}

/** What callers without types may put into the list. */
export function isBehavior(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'run' in value && 'kind' in value && 'view' in value;
}

/** What callers without types may put into the list. */
export function isTool(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === 'tool';
}

/** Tools given as values on a behavior come with it. */
function listedTools(behavior: Behavior): readonly Tool[] {
  return behavior.tools.filter((tool): tool is Tool => typeof tool !== 'string');
}

function nameOf(tool: Tool | string): string {
  return typeof tool === 'string' ? tool : tool.name;
}

function checkNames(what: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) throw duplicate(what, name);
    seen.add(name);
  }
}

function duplicate(what: string, name: string): Error {
  return new InvalidRuntimeConfiguration({
    summary: `two ${what} are called '${name}'`,
    whatFailed: `A runtime was given two different ${what} of the name '${name}'.`,
    why: 'The log names what it was written with; with two of a name nobody could say which one was meant.',
    howToFix: 'Rename one of them, or give the same value in both places.',
    context: { name },
  });
}
