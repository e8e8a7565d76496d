/**
 * Decides what most likely changed between a run and its repetition, from the record of who drove it and from the kind of
 * difference. A guess with reasons: the record knows names and hashes, not programs.
 */
import { isJsonObject, jsonEqual, type JsonObject, type JsonValue, type Sha256 } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { Behavior } from '../behavior.ts';
import type { DrivenBehavior, Opening } from '../run/opening.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface Suspects {
  readonly recorded: LogEvent;
  readonly made: LogEvent | null;
  readonly field: string;
  /** Whose event it is. */
  readonly behavior: string | null;
  /** Who drove the run there. */
  readonly opening: Opening | null;
  /** Behaviors that some record or the log names, whoever gives them now. */
  readonly knownNames: ReadonlySet<string>;
  readonly given: readonly Behavior[];
  readonly engineVersion: string;
  readonly defaultModel: string | null;
  readonly sha256: Sha256;
}

export function probablyChanged(suspects: Suspects): readonly string[] {
  const found = [
    ...missing(suspects),
    ...fieldSays(suspects),
    ...added(suspects),
    ...changedBehaviors(suspects),
    ...order(suspects),
    ...surroundings(suspects),
  ];
  if (found.length > 0) return [...new Set(found)];
  return [
    'nothing that the record of the opening names: code that a behavior calls, or a behavior that reaches time, chance or the outside by itself instead of through `ctx`',
  ];
}

function missing({ recorded, made, opening, given, behavior }: Suspects): readonly string[] {
  const names = new Set(given.map(({ name }) => name));
  const own = behavior !== null && recorded.type.endsWith('behavior.started') && !names.has(behavior);
  const others = (opening?.behaviors ?? []).filter(({ name }) => !names.has(name) && name !== behavior);
  const isRelevant = own || made === null || made.type.startsWith('runtime.');
  return [
    ...(own ? [`behavior '${behavior}' is not given`] : []),
    ...(isRelevant ? others.map(({ name }) => `behavior '${name}' is not given`) : []),
  ];
}

/** A behavior that the run never saw, and that made the differing event. */
function added({ made, given, knownNames }: Suspects): readonly string[] {
  const { behavior } = made?.payload ?? {};
  const unknown = given.filter(({ name }) => !knownNames.has(name));
  const [first] = unknown.filter(({ name }) => name === behavior);
  return (first === undefined ? [] : [first]).map(
    ({ name }) => `behavior '${name}' is new: the run was driven without it`,
  );
}

function changedBehaviors(suspects: Suspects): readonly string[] {
  const { opening, given, behavior, sha256 } = suspects;
  if (opening === null) return [];
  const texts = (name: string): readonly string[] => {
    const now = given.find((other) => other.name === name);
    const then = opening.behaviors.find((other) => other.name === name);
    return now === undefined || then === undefined ? [] : changesOf(now, then, sha256);
  };
  const own = behavior === null ? [] : texts(behavior);
  if (own.length > 0) return own;
  return opening.behaviors.flatMap(({ name }) => texts(name));
}

function changesOf(now: Behavior, then: DrivenBehavior, sha256: Sha256): readonly string[] {
  const { name } = now;
  const changes: string[] = [];
  const told = (what: string, before: JsonValue, after: JsonValue): void => {
    if (!jsonEqual(before, after))
      changes.push(`${what} of behavior '${name}': ${short(before)}, now ${short(after)}`);
  };
  told('the kind', then.kind, now.kind);
  told('the subscription', [...then.subscribedTo], [...now.on]);
  told('`activateAfter`', then.activateAfter, now.activateAfter);
  if (then.fingerprint === null) return changes;
  const { declared, code } = fingerprintOf(now, sha256);
  if (changes.length === 0 && declared !== then.fingerprint.declared)
    changes.push(`what behavior '${name}' declares: its filter, view, tools, or what it tells a model`);
  if (code !== then.fingerprint.code) changes.push(`the code of behavior '${name}'`);
  return changes;
}

function order({ opening, given }: Suspects): readonly string[] {
  const now = given.map(({ name }) => name);
  const then = (opening?.behaviors ?? []).map(({ name }) => name).filter((name) => now.includes(name));
  const same = now.filter((name) => then.includes(name));
  if (jsonEqual(then, same)) return [];
  return [`the order of behaviors: ${then.join(', ')}; now ${same.join(', ')}`];
}

function surroundings({ opening, engineVersion, defaultModel }: Suspects): readonly string[] {
  if (opening === null)
    return [
      'what the run was driven with: no record of it is there, so clock, seed and frame are those given now',
    ];
  const { engineVersion: version, model } = opening;
  return [
    ...(version === engineVersion ? [] : [`runlog itself: ${version}, now ${engineVersion}`]),
    ...(model === null || defaultModel === null || model === defaultModel
      ? []
      : [`the default model: ${model}, now ${defaultModel}`]),
  ];
}

/** The kind of difference names the kind of change. */
function fieldSays({ field, recorded, made }: Suspects): readonly string[] {
  if (field === 'timestamp') return ['the clock'];
  if (field === 'frame_id') return ['the frame'];
  if (recorded.type === 'pack.loaded') return packSays(recorded.payload, made?.payload ?? {});
  if (recorded.type === 'tool.requested' && made?.type === 'tool.requested')
    return toolSays(recorded.payload, made.payload);
  if (recorded.type !== 'llm.requested' || made?.type !== 'llm.requested') return [];
  const { prompt: before } = recorded.payload;
  const { prompt: after } = made.payload;
  if (before === undefined || after === undefined || !isJsonObject(before) || !isJsonObject(after)) return [];
  return Object.keys({ ...before, ...after })
    .filter((key) => !jsonEqual(before[key] ?? null, after[key] ?? null))
    .map((key) => `${words[key] ?? key} of the request: ${apart(before[key] ?? null, after[key] ?? null)}`);
}

function toolSays(then: JsonObject, now: JsonObject): readonly string[] {
  const [before, after] = [then['tool'] ?? null, now['tool'] ?? null];
  if (!jsonEqual(before, after)) return [`the tool that is called: ${short(before)}, now ${short(after)}`];
  const [args, argsNow] = [then['args'] ?? null, now['args'] ?? null];
  if (jsonEqual(args, argsNow)) return [];
  return [`the arguments of tool '${short(before)}': ${apart(args, argsNow)}`];
}

const words: Readonly<Record<string, string>> = {
  system: 'the system prompt (mission, role, form)',
  messages: 'the messages (view, event, task)',
  output_schema_json: 'the output schema',
  tools: 'the declared tools',
};

/** What a pack says of itself now, beside what it said when the run loaded it. */
export function packSays(then: JsonObject, now: JsonObject): readonly string[] {
  const { name, version, prompts } = then;
  const pack = `of pack '${typeof name === 'string' ? name : '?'}'`;
  if (typeof now['refused'] === 'string') return [`the settings ${pack} are refused now: ${now['refused']}`];
  const changes: string[] = [];
  const told = (what: string, before: JsonValue, after: JsonValue): void => {
    if (!jsonEqual(before, after)) changes.push(`${what} ${pack}: ${short(before)}, now ${short(after)}`);
  };
  told('the version', version ?? null, now['version'] ?? null);
  const [settings, given] = [settingsOf(then), settingsOf(now)];
  for (const key of Object.keys({ ...settings, ...given }))
    told(`setting '${key}'`, settings[key] ?? null, given[key] ?? null);
  const [before, after] = [objectOf(prompts), objectOf(now['prompts'])];
  for (const key of Object.keys({ ...before, ...after }))
    told(`prompt '${key}'`, before[key] ?? null, after[key] ?? null);
  for (const key of ['behaviors', 'tools', 'policies', 'object_types', 'relation_types'])
    told(`the ${key.replace('_', ' ')}`, then[key] ?? null, now[key] ?? null);
  return changes;
}

function settingsOf({ settings }: JsonObject): JsonObject {
  try {
    const parsed: unknown = typeof settings === 'string' ? JSON.parse(settings) : {};
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

/** Long texts are shown from where they part. */
function apart(before: JsonValue, after: JsonValue): string {
  const [left, right] = [JSON.stringify(before), JSON.stringify(after)];
  if (left.length <= 60 && right.length <= 60) return `${left}, now ${right}`;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const from = Math.max(0, at - 10);
  return `from character ${at} on: ${short(left.slice(from, at + 40))}, now ${short(right.slice(from, at + 40))}`;
}

function short(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
