/** Decides how behaviors, tools and types come into an open run: all of a bundle or nothing, checked before anything changes. */
import { InvalidRuntimeConfiguration, type JsonObject } from '../../base/index.ts';
import { missingProvider, missingTool, type Tool } from '../../effects/index.ts';
import type { ObjectType, RelationType } from '../../graph/index.ts';
import type { Behavior } from '../behavior.ts';
import type { ApprovalPolicy, Engine, InstalledBehavior } from '../engine.ts';
import { duplicateBehavior } from '../errors.ts';

/** What a program or a pack brings. Names are the final ones; `owner` is the pack's name, `null` for the program itself. */
export interface Bundle {
  readonly owner: string | null;
  readonly behaviors: readonly Behavior[];
  readonly tools: readonly Tool[];
  readonly objectTypes: readonly ObjectType[];
  readonly relationTypes: readonly RelationType[];
  readonly policies: readonly ApprovalPolicy[];
  /** Handed to the bundle's handlers as `ctx.settings`. */
  readonly settings: unknown;
  /** Payload of `pack.loaded`; `null` when the log holds that event already, or no pack is behind the bundle. */
  readonly loadedPayload: JsonObject | null;
}

export function install(engine: Engine, bundle: Bundle): void {
  const behaviors = bundle.behaviors.map((behavior): InstalledBehavior => ({
    ...behavior,
    owner: bundle.owner,
    settings: bundle.settings,
  }));
  checkBehaviors(engine, bundle, behaviors);
  for (const tool of bundle.tools) engine.tools.set(tool.name, tool);
  for (const tool of behaviors.flatMap(listedTools)) engine.tools.set(tool.name, tool);
  for (const type of bundle.objectTypes) engine.types.declareObject(type, bundle.owner);
  for (const type of bundle.relationTypes) engine.types.declareRelation(type, bundle.owner);
  engine.behaviors.push(...behaviors);
  engine.policies.push(...bundle.policies);
  if (bundle.owner !== null) engine.settings.set(bundle.owner, bundle.settings);
  if (bundle.loadedPayload === null) return;
  engine.journal.append({
    type: 'pack.loaded',
    actor: 'runtime',
    causedBy: null,
    payload: bundle.loadedPayload,
  });
}

function checkBehaviors(engine: Engine, bundle: Bundle, behaviors: readonly InstalledBehavior[]): void {
  const names = new Set(engine.behaviors.map(({ name }) => name));
  const tools = new Map([...engine.tools, ...bundle.tools.map((tool) => [tool.name, tool] as const)]);
  for (const tool of behaviors.flatMap(listedTools)) {
    const known = tools.get(tool.name);
    if (known !== undefined && known !== tool) throw duplicateTool(tool.name);
    tools.set(tool.name, tool);
  }
  for (const behavior of behaviors) {
    if (names.has(behavior.name)) throw duplicateBehavior({ name: behavior.name });
    names.add(behavior.name);
    if (behavior.llm !== null && engine.model === null) throw missingProvider({ behavior: behavior.name });
    for (const listed of behavior.tools) {
      const name = typeof listed === 'string' ? listed : listed.name;
      if (!tools.has(name))
        throw missingTool({ tool: name, behavior: behavior.name, registered: [...tools.keys()] });
    }
  }
}

/** Tools given as values on a behavior come with it. */
function listedTools(behavior: Behavior): readonly Tool[] {
  return behavior.tools.filter((tool): tool is Tool => typeof tool !== 'string');
}

function duplicateTool(name: string): Error {
  return new InvalidRuntimeConfiguration({
    summary: `two tools are called '${name}'`,
    whatFailed: `A runtime was given two different tools of the name '${name}'.`,
    why: 'A recorded call names its tool; with two of a name nobody could say which one answered.',
    howToFix: 'Rename one of them, or give the same tool value to both behaviors.',
    context: { tool: name },
  });
}
