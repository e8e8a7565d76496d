/**
 * Decides which settings a pack has in a run: those it was started with, changed by what the log overrides, and only values that
 * the pack's settings schema takes.
 */
import {
  isJsonArray,
  isJsonObject,
  jsonSchemaOf,
  type JsonObject,
  type JsonValue,
  mergeObjects,
  nearestNames,
  validate,
  type Validated,
} from '../base/index.ts';
import { intakePayload } from '../log/index.ts';
import { invalidOverride } from '../runtime/index.ts';
import { packSettings } from './errors.ts';
import type { Pack } from './pack.ts';

/** Settings as handlers get them, and as the log keeps them. */
export interface CheckedSettings {
  readonly value: unknown;
  readonly json: JsonObject;
}

/** Settings with the defaults of the pack filled in. Throws `PackSettingsMissingError`. */
export function checkedSettings(pack: Pack, settings: JsonObject): CheckedSettings {
  const result = validated(pack, settings);
  if (!result.ok) throw packSettings({ pack: pack.name, problem: problemOf(result) });
  return { value: result.value, json: jsonOf(result.value) };
}

/** Settings under overrides. Throws `InvalidOverrideError`, and `PackSettingsMissingError` for what was there before. */
export function overriddenSettings(pack: Pack, started: JsonObject, overrides: JsonObject): CheckedSettings {
  const before = checkedSettings(pack, started);
  const [firstKey] = Object.keys(overrides);
  if (firstKey === undefined) return before;
  const known = settingKeys(pack, before.json);
  for (const key of Object.keys(overrides)) if (!known.includes(key)) throw unknownKey(pack, key, known);
  const result = validated(pack, mergeObjects(before.json, overrides));
  if (result.ok) return { value: result.value, json: jsonOf(result.value) };
  const named = result.issues.map(({ path }) => path.split('.')[0] ?? '').find((key) => key in overrides);
  throw invalidOverride({
    setting: `${pack.name}.${named ?? firstKey}`,
    problem: problemOf(result),
    howToFix: `Give a value that the settings of pack '${pack.name}' take, or leave the setting as it is.`,
  });
}

/** The keys that the settings schema names, and those that the settings have. */
export function settingKeys(pack: Pack, settings: JsonObject): readonly string[] {
  const schema = pack.settings === null ? null : jsonSchemaOf(pack.settings);
  const declared = schema?.['properties'];
  const named = declared !== undefined && isJsonObject(declared) ? Object.keys(declared) : [];
  return [...new Set([...named, ...Object.keys(settings)])];
}

/**
 * The value that a text stands for: what it is as JSON if the schema takes that, and the text itself otherwise. Throws
 * `InvalidOverrideError`.
 */
export function settingFromText(pack: Pack, started: JsonObject, key: string, text: string): JsonValue {
  const taken = (value: JsonValue): JsonValue =>
    overriddenSettings(pack, started, { [key]: value }).json[key] ?? null;
  const read = parsed(text);
  if (read === undefined) return taken(text);
  try {
    return taken(read);
  } catch (refusal) {
    try {
      return taken(text);
    } catch (error) {
      // A setting that is never a text is refused for the value that was meant.
      throw takesText(pack, key) ? error : refusal;
    }
  }
}

function takesText(pack: Pack, key: string): boolean {
  const declared = pack.settings === null ? undefined : jsonSchemaOf(pack.settings)?.['properties'];
  const schema = declared !== undefined && isJsonObject(declared) ? declared[key] : undefined;
  if (schema === undefined || !isJsonObject(schema)) return false;
  const { anyOf } = schema;
  return [schema, ...(anyOf !== undefined && isJsonArray(anyOf) ? anyOf : [])].some(
    (one) => isJsonObject(one) && one['type'] === 'string',
  );
}

function parsed(text: string): JsonValue | undefined {
  try {
    return intakePayload({ value: JSON.parse(text) as unknown }).value['value'];
  } catch {
    return undefined;
  }
}

function validated(pack: Pack, settings: JsonObject): Validated<unknown> {
  return pack.settings === null ? { ok: true, value: settings } : validate(pack.settings, settings);
}

function problemOf({ issues }: Extract<Validated<unknown>, { ok: false }>): string {
  return issues.map(({ path, message }) => `${path === '' ? 'settings' : path}: ${message}`).join('; ');
}

function jsonOf(settings: unknown): JsonObject {
  return intakePayload(settings ?? {}).value;
}

function unknownKey(pack: Pack, key: string, known: readonly string[]): Error {
  const near = nearestNames(key, known);
  const listed = known.join(', ') || 'none';
  return invalidOverride({
    setting: `${pack.name}.${key}`,
    problem: `pack '${pack.name}' has no setting '${key}'`,
    howToFix:
      near.length === 0
        ? `The settings of '${pack.name}' are: ${listed}.`
        : `Did you mean ${near.map((name) => `'${pack.name}.${name}'`).join(' or ')}?`,
  });
}
