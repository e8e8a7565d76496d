/**
 * Decides which settings of which packs a fork of a stored run overrides, when they are named by texts: each is looked for among
 * the packs that the run has loaded, and its value is what that pack's settings schema makes of the text.
 */
import { type JsonObject, jsonEqual, nearestNames } from '../../base/index.ts';
import { decodeEvent, type LogStore } from '../../log/index.ts';
import {
  effectiveSettings,
  overriddenSettings,
  type Pack,
  settingFromText,
  settingKeys,
} from '../../packs/index.ts';
import { invalidOverride, overridesBefore, type SettingOverride } from '../../runtime/index.ts';

/** `name` is `pack.key`, or `key` where one loaded pack alone has it. */
export interface SettingText {
  readonly name: string;
  readonly text: string;
}

/** The packs whose settings are known without the program that drives a run; loaded when somebody asks, as they bring a library. */
async function shippedPacks(): Promise<readonly Pack[]> {
  const { diligence } = await import('../../packs/diligence/index.ts');
  return [diligence];
}

/** A pack that a run has loaded. */
interface LoadedPack {
  readonly name: string;
  readonly version: string;
  /** Overrides of the past included. */
  readonly settings: JsonObject;
  /** `null` when nobody here has it, in this version. */
  readonly pack: Pack | null;
}

/** Throws `InvalidOverrideError`. The same value named twice counts once; two values of one setting are refused. */
export async function chosenOverrides(
  store: LogStore,
  run: { readonly runId: string; readonly atEvent: string; readonly packs: readonly Pack[] },
  texts: readonly SettingText[],
): Promise<readonly SettingOverride[]> {
  if (texts.length === 0) return [];
  const loaded = await loadedPacks(store, run);
  const chosen: SettingOverride[] = [];
  for (const { name, text } of texts) {
    const found = findSetting(loaded, name);
    const { settings, version } = found.loaded;
    const pack = requirePack(found.loaded, name);
    const { key } = found;
    const value = settingFromText(pack, settings, key, text);
    const before = chosen.find((one) => one.pack.name === pack.name && one.key === key);
    if (before === undefined) chosen.push({ pack: { name: pack.name, version }, key, value });
    else if (!jsonEqual(before.value, value))
      throw invalidOverride({
        setting: name,
        problem: `it is given two values, ${JSON.stringify(before.value)} and ${JSON.stringify(value)}`,
        howToFix: 'Give one value for each setting.',
      });
  }
  for (const { name, settings, pack } of loaded)
    if (pack !== null) checkTogether(pack, settings, chosen, name);
  return chosen;
}

/** What is fine by itself may not be fine beside the others. */
function checkTogether(
  pack: Pack,
  settings: JsonObject,
  chosen: readonly SettingOverride[],
  name: string,
): void {
  const own = chosen.filter((one) => one.pack.name === name).map(({ key, value }) => [key, value] as const);
  overriddenSettings(pack, settings, Object.fromEntries(own));
}

async function loadedPacks(
  store: LogStore,
  {
    runId,
    atEvent,
    packs,
  }: { readonly runId: string; readonly atEvent: string; readonly packs: readonly Pack[] },
): Promise<readonly LoadedPack[]> {
  const inherited = await overridesBefore(store, runId, atEvent);
  const knownPacks = [...packs, ...(await shippedPacks())];
  const found = new Map<string, LoadedPack>();
  for await (const page of store.read(runId, { types: ['pack.loaded'] })) {
    for (const stored of page) {
      const { payload } = decodeEvent(stored, runId);
      const { name, version } = payload;
      if (typeof name !== 'string' || typeof version !== 'string' || found.has(name)) continue;
      const settings = effectiveSettings(payload, inherited);
      const known = knownPacks.find((pack) => pack.name === name && pack.version === version);
      found.set(name, { name, version, settings, pack: known ?? null });
    }
  }
  return [...found.values()];
}

interface FoundSetting {
  readonly loaded: LoadedPack;
  readonly key: string;
}

function findSetting(loaded: readonly LoadedPack[], name: string): FoundSetting {
  const dot = name.indexOf('.');
  if (dot < 0) return findByKey(loaded, name);
  const packName = name.slice(0, dot);
  const found = loaded.find((one) => one.name === packName);
  if (found !== undefined) return { loaded: found, key: name.slice(dot + 1) };
  const names = loaded.map((one) => one.name);
  const [near] = nearestNames(packName, names);
  throw invalidOverride({
    setting: name,
    problem: `the run has loaded no pack '${packName}'`,
    howToFix:
      near === undefined
        ? `The run has loaded: ${names.join(', ') || 'no packs'}.`
        : `Did you mean '${near}${name.slice(dot)}'?`,
  });
}

function findByKey(loaded: readonly LoadedPack[], key: string): FoundSetting {
  const having = loaded.filter((one) => keysOf(one).includes(key));
  const [only, another] = having;
  if (only !== undefined && another === undefined) return { loaded: only, key };
  if (only !== undefined)
    throw invalidOverride({
      setting: key,
      problem: `more than one pack has it: ${having.map(({ name }) => name).join(', ')}`,
      howToFix: `Name the pack: '${only.name}.${key}'.`,
    });
  const all = loaded.flatMap((one) => keysOf(one).map((known) => `${one.name}.${known}`));
  const near = nearestNames(key, all);
  throw invalidOverride({
    setting: key,
    problem: 'no pack that the run has loaded has it',
    howToFix:
      near.length > 0
        ? `Did you mean ${near.map((one) => `'${one}'`).join(' or ')}?`
        : `The settings are: ${all.join(', ') || 'none; the run has loaded no packs'}.`,
  });
}

function keysOf({ pack, settings }: LoadedPack): readonly string[] {
  return pack === null ? Object.keys(settings) : settingKeys(pack, settings);
}

function requirePack({ name, version, pack }: LoadedPack, setting: string): Pack {
  if (pack !== null) return pack;
  throw invalidOverride({
    setting,
    problem: `version '${version}' of pack '${name}' is not here, so nobody can check the value`,
    howToFix: `Name a module that has the pack: \`runlog fork ... --program FILE\`. In a program: \`run.fork({ atEvent, settings: { ${name}: { ... } } })\`.`,
  });
}
