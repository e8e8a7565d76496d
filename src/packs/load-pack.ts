/**
 * Decides how a pack comes into a run: once, under its canonical names, with settings that the log keeps. A load that fails
 * changes nothing.
 */
import {
  checkArguments,
  checkOptionNames,
  canonicalJson,
  isJsonObject,
  isStructuredError,
  jsonEqual,
  type JsonObject,
  mergeObjects,
  type Sha256,
} from '../base/index.ts';
import type { Tool } from '../effects/index.ts';
import { intakePayload } from '../log/index.ts';
import {
  type Behavior,
  type Bundle,
  overriddenKeys,
  type Runtime,
  settingsDiffer,
} from '../runtime/index.ts';
import { packConflict, packSettings, packVersionConflict } from './errors.ts';
import type { Pack } from './pack.ts';
import { checkedSettings, overriddenSettings } from './pack-settings.ts';
import { promptHash } from './prompt-file.ts';

/** A pack, or a pack with the settings it is to have. */
export type PackRequest = Pack | { readonly pack: Pack; readonly settings?: object };

/**
 * Loads a pack into an open run. False when this very pack is loaded already. On a run that was started with the pack its
 * settings come from the log, overrides included. Rejects with `PackVersionConflictError`, `PackConflictError`,
 * `PackSettingsMissingError` and the errors of registration; nothing of the pack is loaded then.
 */
export async function loadPack(runtime: Runtime, request: PackRequest, sha256: Sha256): Promise<boolean> {
  checkArguments('loadPack', {
    runtime: [runtime, 'with install'],
    request: [request, 'object'],
    sha256: [sha256, 'function'],
  });
  const { pack, settings: given } = packOf(request);
  const logged = runtime.packHistory.loaded.find((payload) => payload['name'] === pack.name);
  const version = logged?.['version'];
  if (typeof version === 'string' && version !== pack.version) {
    throw packVersionConflict({ pack: pack.name, loaded: version, attempted: pack.version });
  }
  if (runtime.installed.owners.includes(pack.name)) return false;
  const started =
    logged === undefined ? startedSettings(pack, given) : loggedSettings(runtime, pack, logged, given);
  const overrides = overriddenKeys(runtime.packHistory.overrides, pack.name);
  const bundle = bundleOf(pack, started, overrides);
  checkConflicts(runtime, pack);
  const loadedAs = loadedPayload(pack, started, sha256);
  await runtime.install({
    ...bundle,
    ...(bundle.pack === undefined ? {} : { pack: { ...bundle.pack, loadedAs } }),
    loadedPayload: logged === undefined ? loadedAs : null,
  });
  return true;
}

const entryNames: readonly string[] = Object.keys({ pack: true, settings: true } satisfies Record<
  keyof Exclude<PackRequest, Pack>,
  true
>);

/** The pack and the settings that a request names. */
export function packOf(request: PackRequest): { readonly pack: Pack; readonly settings?: object } {
  checkArguments('packOf', { request: [request, 'with kind', 'with pack'] });
  const named = 'kind' in request ? { pack: request } : request;
  checkOptionNames('entry of packs', named, entryNames);
  checkArguments('packOf', { 'request.pack': [named.pack, 'with behaviors'] });
  return named;
}

/** The settings that a run is started with. Throws `PackSettingsMissingError`. */
function startedSettings(pack: Pack, given: object | undefined): JsonObject {
  return checkedSettings(pack, takenSettings(pack, given)).json;
}

/** What a program gave, as the log could keep it. Throws `PackSettingsMissingError` for what is no object of JSON. */
function takenSettings(pack: Pack, given: object | undefined): JsonObject {
  try {
    return intakePayload(given ?? {}).value;
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    throw packSettings({ pack: pack.name, problem: error.summary });
  }
}

/** The settings that the run was started with. Throws when the program says otherwise. */
function loggedSettings(
  runtime: Runtime,
  pack: Pack,
  logged: JsonObject,
  given: object | undefined,
): JsonObject {
  const started = settingsInLog(logged);
  if (given === undefined) return started;
  const wanted = startedSettings(pack, given);
  const keys = Object.keys(wanted).filter((key) => !jsonEqual(wanted[key] ?? null, started[key] ?? null));
  if (keys.length > 0) throw settingsDiffer({ pack: pack.name, runId: runtime.runId, keys });
  return started;
}

/** The settings in a payload of `pack.loaded`. */
export function settingsInLog(loaded: JsonObject): JsonObject {
  const text = loaded['settings'];
  const parsed = typeof text === 'string' ? parsedOrNull(text) : null;
  return isJsonObject(parsed) ? parsed : {};
}

/** A log of somebody else may have any text there. */
function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The settings that a run was started with, changed by the overrides that its log holds. */
export function effectiveSettings(loaded: JsonObject, overrides: readonly JsonObject[]): JsonObject {
  const { name } = loaded;
  const started = settingsInLog(loaded);
  return typeof name === 'string' ? mergeObjects(started, overriddenKeys(overrides, name)) : started;
}

/** What a pack brings to a run that was started with these settings. Throws `InvalidOverrideError`. */
export function bundleOf(pack: Pack, started: JsonObject, overrides: JsonObject): Bundle {
  const { value, json } = overriddenSettings(pack, started, overrides);
  const tools = canonicalTools(pack);
  return {
    owner: pack.name,
    behaviors: canonicalBehaviors(pack, tools),
    tools: [...tools.values(), ...exportedTools(pack)],
    objectTypes: pack.objectTypes,
    relationTypes: pack.relationTypes,
    policies: pack.policies
      .filter(({ unlessSetting }) => unlessSetting === undefined || json[unlessSetting] !== true)
      .map(({ name, requiresApproval }) => ({ name: canonical(pack, name), requiresApproval })),
    settings: value,
    pack: {
      name: pack.name,
      version: pack.version,
      under: (changes) => ({
        bundle: bundleOf(pack, started, changes),
        settings: overriddenSettings(pack, started, changes).json,
      }),
    },
    loadedPayload: null,
  };
}

/** The tools that a pack offers to everybody under their short names. */
export function exportedTools(pack: Pack): readonly Tool[] {
  checkArguments('exportedTools', { pack: [pack, 'with tools'] });
  return pack.tools.filter(({ exportGlobally }) => exportGlobally);
}

function checkConflicts(runtime: Runtime, pack: Pack): void {
  const conflict = (kind: string, name: string, owner: string | null): Error =>
    packConflict({ kind, name, owner: owner ?? 'the program', pack: pack.name });
  for (const { name } of pack.objectTypes) {
    const owner = runtime.ownerOfType('object', name);
    if (owner !== undefined) throw conflict('object type', name, owner);
  }
  for (const { name } of pack.relationTypes) {
    const owner = runtime.ownerOfType('relation', name);
    if (owner !== undefined) throw conflict('relation type', name, owner);
  }
  const { tools, behaviors, policies } = runtime.installed;
  for (const tool of exportedTools(pack)) {
    const present = tools.includes(tool.name) ? runtime.tool(tool.name) : tool;
    // A program is given the tools that its packs export.
    if (present !== tool) throw conflict('tool', tool.name, exporterOf(runtime, present));
  }
  const own = [
    ['behavior', pack.behaviors, behaviors],
    ['tool', pack.tools, tools],
    ['policy', pack.policies, policies],
  ] as const;
  for (const [kind, declared, present] of own) {
    const taken = declared.map(({ name }) => canonical(pack, name)).find((name) => present.includes(name));
    if (taken !== undefined) throw conflict(kind, taken, null);
  }
}

/** The pack that a tool under a short name comes from; `null` for one of the program itself. */
function exporterOf(runtime: Runtime, tool: Tool): string | null {
  const full = runtime.installed.tools.find(
    (name) => name.endsWith(`.${tool.name}`) && runtime.tool(name).run === tool.run,
  );
  return full?.split('.')[0] ?? null;
}

function canonical(pack: Pack, name: string): string {
  return `${pack.name}.${name}`;
}

function canonicalTools(pack: Pack): ReadonlyMap<string, Tool> {
  return new Map(pack.tools.map((tool) => [tool.name, canonicalTool(pack, tool)]));
}

/** The behaviors of a pack as runs know them. */
export function canonicalBehaviors(pack: Pack, tools = canonicalTools(pack)): readonly Behavior[] {
  return pack.behaviors.map((behavior) => canonicalBehavior(pack, behavior, tools));
}

function canonicalTool(pack: Pack, tool: Tool): Tool {
  return Object.freeze({ ...tool, name: canonical(pack, tool.name) });
}

/** The prompt that is called like an LLM behavior is its role. */
function canonicalBehavior(pack: Pack, behavior: Behavior, tools: ReadonlyMap<string, Tool>): Behavior {
  const prompt = pack.prompts.find(({ name }) => name === behavior.name)?.body ?? '';
  const described =
    behavior.llm === null
      ? ''
      : [behavior.llm.description, prompt].filter((text) => text !== '').join('\n\n');
  return Object.freeze({
    ...behavior,
    name: canonical(pack, behavior.name),
    tools: behavior.tools.map((named) =>
      typeof named === 'string' ? canonical(pack, named) : (tools.get(named.name) ?? named),
    ),
    llm: behavior.llm === null ? null : Object.freeze({ ...behavior.llm, description: described }),
  });
}

/** What the log would say of a pack that is loaded with these settings. Throws `PackSettingsMissingError`. */
export function packPayload(pack: Pack, given: object | undefined, sha256: Sha256): JsonObject {
  return loadedPayload(pack, startedSettings(pack, given), sha256);
}

function loadedPayload(pack: Pack, settings: JsonObject, sha256: Sha256): JsonObject {
  const prompts = pack.prompts.map(
    (prompt) => [prompt.name, { version: prompt.version, hash: promptHash(prompt, sha256) }] as const,
  );
  return {
    name: pack.name,
    version: pack.version,
    description: pack.description,
    object_types: pack.objectTypes.map(({ name }) => name),
    relation_types: pack.relationTypes.map(({ name }) => name),
    behaviors: pack.behaviors.map(({ name }) => canonical(pack, name)),
    tools: pack.tools.map(({ name }) => canonical(pack, name)),
    policies: pack.policies.map(({ name }) => canonical(pack, name)),
    prompts: Object.fromEntries(prompts),
    settings: canonicalJson(settings),
  };
}
