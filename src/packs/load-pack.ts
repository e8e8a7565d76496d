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
import { type Behavior, type Bundle, type Runtime, settingsDiffer } from '../runtime/index.ts';
import { packConflict, packSettings, packVersionConflict } from './errors.ts';
import type { Pack } from './pack.ts';
import { promptHash } from './prompt-file.ts';

/** A pack, or a pack with the settings it is to have. */
export type PackRequest = Pack | { readonly pack: Pack; readonly settings?: object };

/** The run that a pack comes into, as far as it concerns the pack. */
type PackHost = Pick<Runtime, 'runId' | 'packHistory' | 'installed' | 'ownerOfType' | 'install'>;

/**
 * Loads a pack into an open run. False when this very pack is loaded already. On a run that was started with the pack its
 * settings come from the log, overrides included.
 */
export async function loadPack(runtime: PackHost, request: PackRequest, sha256: Sha256): Promise<boolean> {
  const { pack, settings: given } = packOf(request);
  const { loaded, overrides } = runtime.packHistory;
  const logged = loaded.find((payload) => payload['name'] === pack.name);
  const version = logged?.['version'];
  if (typeof version === 'string' && version !== pack.version) {
    throw packVersionConflict({ pack: pack.name, loaded: version, attempted: pack.version });
  }
  if (runtime.installed.owners.includes(pack.name)) return false;
  if (logged !== undefined && given !== undefined) checkSameSettings(runtime.runId, pack, logged, given);
  const start =
    logged === undefined ? intakePayload(given ?? {}).value : effectiveSettings(logged, overrides);
  const settings = checkedSettings(pack, start);
  checkConflicts(runtime, pack);
  const loadedPayload = logged === undefined ? packPayload(request, sha256) : null;
  await runtime.install({ ...packBundle(pack, settings), loadedPayload });
  return true;
}

/** What a pack brings into a run, under its canonical names and with its settings. */
export function packBundle(pack: Pack, settings: unknown): Bundle {
  const tools = new Map(pack.tools.map((tool) => [tool.name, canonicalTool(pack, tool)]));
  const json = intakePayload(settings ?? {}).value;
  return {
    owner: pack.name,
    behaviors: pack.behaviors.map((behavior) => canonicalBehavior(pack, behavior, tools)),
    tools: [...tools.values(), ...pack.tools.filter(({ exportGlobally }) => exportGlobally)],
    objectTypes: pack.objectTypes,
    relationTypes: pack.relationTypes,
    policies: pack.policies
      .filter(({ unlessSetting }) => unlessSetting === undefined || json[unlessSetting] !== true)
      .map(({ name, requiresApproval }) => ({ name: canonical(pack, name), requiresApproval })),
    settings,
    loadedPayload: null,
  };
}

export function packOf(request: PackRequest): { readonly pack: Pack; readonly settings?: object } {
  return 'kind' in request ? { pack: request } : request;
}

/** The settings that a run was started with, changed by the overrides that its log holds. */
export function effectiveSettings(logged: JsonObject, overrides: readonly JsonObject[]): JsonObject {
  let effective = startedSettings(logged);
  for (const { pack: of, key, value } of overrides) {
    if (!isJsonObject(of ?? null) || typeof key !== 'string' || value === undefined) continue;
    if (isJsonObject(of) && of['name'] === logged['name'])
      effective = mergeObjects(effective, { [key]: value });
  }
  return effective;
}

function startedSettings({ settings: text }: JsonObject): JsonObject {
  const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : {};
  return isJsonObject(parsed) ? parsed : {};
}

/** A program that gives settings to a run that has some already has to give the same. */
function checkSameSettings(runId: string, pack: Pack, logged: JsonObject, given: object): void {
  const started = startedSettings(logged);
  const wanted = intakePayload(checkedSettings(pack, intakePayload(given).value) ?? {}).value;
  const keys = Object.keys(wanted).filter((key) => !jsonEqual(wanted[key] ?? null, started[key] ?? null));
  if (keys.length > 0) throw settingsDiffer({ pack: pack.name, runId, keys });
}

/** Throws `PackSettingsMissingError`. */
export function checkedSettings(pack: Pack, settings: JsonObject): unknown {
  if (pack.settings === null) return settings;
  const result = validate(pack.settings, settings);
  if (result.ok) return result.value;
  const problem = result.issues
    .map(({ path, message }) => `${path === '' ? 'settings' : path}: ${message}`)
    .join('; ');
  throw packSettings({ pack: pack.name, problem });
}

function checkConflicts(runtime: PackHost, pack: Pack): void {
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

/** What the log says of a pack that is loaded with these settings. Throws `PackSettingsMissingError`. */
export function packPayload(request: PackRequest, sha256: Sha256): JsonObject {
  const { pack, settings: given } = packOf(request);
  const settings = intakePayload(checkedSettings(pack, intakePayload(given ?? {}).value) ?? {}).value;
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
