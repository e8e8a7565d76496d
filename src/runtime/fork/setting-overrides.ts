/** Decides which settings of packs a log overrides, and which ones a fork is to override besides. */
import { isJsonObject, type JsonObject, mergeObjects } from '../../base/index.ts';
import { decodeEvent, eventNotFound, intakePayload, type LogStore } from '../../log/index.ts';
import type { Engine } from '../engine.ts';
import { invalidOverride } from './fork-errors.ts';
import type { SettingOverride } from './first-events.ts';

/** What payloads of `pack.settings_overridden` say of one pack; a later one counts. */
export function overriddenKeys(overrides: readonly JsonObject[], packName: string): JsonObject {
  let changed: JsonObject = {};
  for (const { pack, key, value } of overrides) {
    if (typeof key !== 'string' || value === undefined || pack === undefined) continue;
    if (isJsonObject(pack) && pack['name'] === packName) changed = mergeObjects(changed, { [key]: value });
  }
  return changed;
}

/** The payloads of `pack.settings_overridden` up to and including an event. Rejects with `EventNotFoundError`. */
export async function overridesBefore(
  store: LogStore,
  runId: string,
  atEvent: string,
): Promise<readonly JsonObject[]> {
  const event = await store.get(runId, atEvent);
  if (event === undefined) throw eventNotFound({ eventId: atEvent, logId: runId, operation: 'fork' });
  const found: JsonObject[] = [];
  const options = { before: event.seq + 1, types: ['pack.settings_overridden'] };
  for await (const page of store.read(runId, options))
    for (const stored of page) found.push(decodeEvent(stored, runId).payload);
  return found;
}

/** The overrides that a fork of an open run is made with. Throws `InvalidOverrideError`, before anything is written. */
export async function settingOverrides(
  store: LogStore,
  parent: Engine,
  atEvent: string,
  wanted: Readonly<Record<string, object>>,
): Promise<readonly SettingOverride[]> {
  const names = Object.keys(wanted);
  if (names.length === 0) return [];
  const inherited = await overridesBefore(store, parent.runId, atEvent);
  return names.flatMap((name) => {
    const pack = parent.bundles.find((bundle) => bundle.pack?.name === name)?.pack;
    if (pack === undefined)
      throw invalidOverride({ setting: name, problem: 'no pack of this name is loaded' });
    const changes = intakePayload(wanted[name]).value;
    const { settings } = pack.under(mergeObjects(overriddenKeys(inherited, name), changes));
    const { version } = pack;
    return Object.keys(changes).map((key) => ({
      pack: { name, version },
      key,
      value: settings[key] ?? null,
    }));
  });
}
