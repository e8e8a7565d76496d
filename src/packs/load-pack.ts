/**
 * Decides how a pack comes into a run: once, under its canonical names, with settings that the log keeps. A load that fails
 * changes nothing.
 */
import {
  canonicalJson,
  isJsonObject,
  jsonEqual,
  type JsonObject,
  mergeObjects,
  type Sha256,
  validate,
} from '../base/index.ts';
import type { Tool } from '../effects/index.ts';
import { intakePayload } from '../log/index.ts';
import { type Behavior, type Runtime, settingsDiffer } from '../runtime/index.ts';
import { packConflict, packSettings, packVersionConflict } from './errors.ts';
import type { Pack } from './pack.ts';
import { promptHash } from './prompt-file.ts';

/** A pack, or a pack with the settings it is to have. */
export type PackRequest = Pack | { readonly pack: Pack; readonly settings?: object };

/**
 * Loads a pack into an open run. False when this very pack is loaded already. On a run that was started with the pack its
 * settings come from the log, overrides included.
 */
export async function loadPack(runtime: Runtime, request: PackRequest, sha256: Sha256): Promise<boolean> {
  const { pack, settings: given } = 'kind' in request ? { pack: request, settings: undefined } : request;
  const logged = runtime.packHistory.loaded.find((payload) => payload['name'] === pack.name);
  const version = logged?.['version'];
  if (typeof version === 'string' && version !== pack.version) {
    throw packVersionConflict({ pack: pack.name, loaded: version, attempted: pack.version });
  }
  if (runtime.installed.owners.includes(pack.name)) return false;
  const start =
    logged === undefined ? intakePayload(given ?? {}).value : loggedSettings(runtime, pack, logged, given);
  const settings = checkedSettings(pack, start);
  checkConflicts(runtime, pack);
  const tools = new Map(pack.tools.map((tool) => [tool.name, canonicalTool(pack, tool)]));
  const json = intakePayload(settings ?? {}).value;
  await runtime.install({
    owner: pack.name,
    behaviors: pack.behaviors.map((behavior) => canonicalBehavior(pack, behavior, tools)),
    tools: [...tools.values(), ...pack.tools.filter(({ exportGlobally }) => exportGlobally)],
    objectTypes: pack.objectTypes,
    relationTypes: pack.relationTypes,
    policies: pack.policies
      .filter(({ unlessSetting }) => unlessSetting === undefined || json[unlessSetting] !== true)
      .map(({ name, requiresApproval }) => ({ name: canonical(pack, name), requiresApproval })),
    settings,
    loadedPayload: logged === undefined ? loadedPayload(pack, json, sha256) : null,
  });
  return true;
}

/** The settings that the run was started with, changed by the overrides that its log holds. */
function loggedSettings(
  runtime: Runtime,
  pack: Pack,
  logged: JsonObject,
  given: object | undefined,
): JsonObject {
  const text = logged['settings'];
  const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : {};
  const started = isJsonObject(parsed) ? parsed : {};
  if (given !== undefined) {
    const wanted = intakePayload(checkedSettings(pack, intakePayload(given).value) ?? {}).value;
    const keys = Object.keys(wanted).filter((key) => !jsonEqual(wanted[key] ?? null, started[key] ?? null));
    if (keys.length > 0) throw settingsDiffer({ pack: pack.name, runId: runtime.runId, keys });
  }
  let effective = started;
  for (const { pack: of, key, value } of runtime.packHistory.overrides) {
    if (!isJsonObject(of ?? null) || typeof key !== 'string' || value === undefined) continue;
    if (isJsonObject(of) && of['name'] === pack.name) effective = mergeObjects(effective, { [key]: value });
  }
  return effective;
}

function checkedSettings(pack: Pack, settings: JsonObject): unknown {
  if (pack.settings === null) return settings;
  const result = validate(pack.settings, settings);
  if (result.ok) return result.value;
  const problem = result.issues
    .map(({ path, message }) => `${path === '' ? 'settings' : path}: ${message}`)
    .join('; ');
  throw packSettings({ pack: pack.name, problem });
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
  const { tools, behaviors } = runtime.installed;
  for (const { name, exportGlobally } of pack.tools) {
    if (exportGlobally && tools.includes(name)) throw conflict('tool', name, null);
  }
  for (const { name } of pack.behaviors) {
    if (behaviors.includes(canonical(pack, name))) throw conflict('behavior', canonical(pack, name), null);
  }
}

function canonical(pack: Pack, name: string): string {
  return `${pack.name}.${name}`;
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
