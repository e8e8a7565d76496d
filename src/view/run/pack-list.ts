/** Decides how the packs of a run are listed: each with its version and the hashes of the prompts that the run was made with. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { clean, line, pad } from '../text/printable.ts';

/** A pack that a run was opened with. */
export interface PackEntry {
  readonly eventId: string;
  readonly pack: string;
  readonly version: string;
  readonly prompts: readonly { readonly name: string; readonly version: string; readonly hash: string }[];
}

/** Reads a `pack.loaded` event. */
export function packEntry({ id, payload }: LogEvent): PackEntry {
  const prompts = isJsonObject(payload['prompts']) ? payload['prompts'] : {};
  return {
    eventId: id,
    pack: textOf(payload, 'name'),
    version: textOf(payload, 'version'),
    prompts: Object.entries(prompts).map(([name, prompt]) => {
      const fields = isJsonObject(prompt) ? prompt : {};
      return { name, version: textOf(fields, 'version'), hash: textOf(fields, 'hash') };
    }),
  };
}

/** What `--json` prints of the packs of a run. */
export function packsToJson(entries: readonly PackEntry[]): readonly JsonObject[] {
  return entries.map(({ eventId, pack, version, prompts }) => ({
    event_id: eventId,
    pack,
    version,
    prompts: Object.fromEntries(
      prompts.map(({ name, version: promptVersion, hash }) => [name, { version: promptVersion, hash }]),
    ),
  }));
}

/** The lines that a person reads of the packs of a run. */
export function packsText(entries: readonly PackEntry[]): readonly string[] {
  if (entries.length === 0) return ['(no packs loaded in this run)'];
  return [
    `packs loaded (${entries.length}):`,
    ...entries.flatMap(({ eventId, pack, version, prompts }) => [
      `  ${pad(pack, 24)} ${pad(version, 14)} ${line`(${eventId})`}`,
      ...prompts.map(
        ({ name, version: promptVersion, hash }) =>
          `    prompt ${pad(name, 24)} v${pad(promptVersion, 8)} hash=${clean(hash.replace(/^sha256:/, '').slice(0, 12))}`,
      ),
    ]),
  ];
}

function textOf(fields: JsonObject, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : '?';
}

/** The lines that a person reads of packs that can be had: name, version, what a program imports. */
export function availablePacksText(
  packs: readonly { readonly name: string; readonly version: string; readonly entry: string }[],
): readonly string[] {
  return packs.map(({ name, version, entry }) => `${pad(name, 24)} ${pad(version, 10)} ${clean(entry)}`);
}
