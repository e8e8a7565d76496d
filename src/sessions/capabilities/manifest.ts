/** Decides what an agent says of itself: a manifest is a plain value, and each operation gives a new one. */
import { checkArguments, type JsonObject } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { Fields } from '../model/fields.ts';
import { type Capability, capabilityFromJson, capabilityToJson } from './capability.ts';

/** What a provider says of itself: name, version, capabilities. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string | null;
  readonly provider: string | null;
  /** Names are unique. */
  readonly capabilities: readonly Capability[];
  readonly config: JsonObject;
  readonly metadata: JsonObject;
}

/**
 * Reads a manifest; only `name` and `version` have to be there. The first capability that does not fit ends it. Throws
 * `ValidationError`, `InvalidCapabilityTypeError`, `DuplicateCapabilityError`.
 */
export function manifestFromJson(json: unknown): Manifest {
  const fields = new Fields('manifest', json);
  const empty: Manifest = {
    name: fields.text('name'),
    version: fields.text('version'),
    description: fields.optionalText('description'),
    provider: fields.optionalText('provider'),
    capabilities: [],
    config: fields.map('config'),
    metadata: fields.map('metadata'),
  };
  return fields.list('capabilities').map(capabilityFromJson).reduce(addCapability, Object.freeze(empty));
}

/** As it is stored. */
export function manifestToJson(manifest: Manifest): JsonObject {
  checkArguments('manifestToJson', { manifest: [manifest, 'with capabilities'] });
  return { ...manifest, capabilities: manifest.capabilities.map(capabilityToJson) };
}

/** Throws `DuplicateCapabilityError` when the manifest has one of that name. */
export function addCapability(manifest: Manifest, capability: Capability): Manifest {
  checkArguments('addCapability', {
    manifest: [manifest, 'with capabilities'],
    capability: [capability, 'with name'],
  });
  const { capabilities } = manifest;
  if (capabilities.some(({ name }) => name === capability.name)) {
    throw sessionError(
      'duplicate_capability',
      `manifest '${manifest.name}' has a capability '${capability.name}' already`,
      { details: { manifest: manifest.name, capability: capability.name } },
    );
  }
  return Object.freeze({ ...manifest, capabilities: [...capabilities, capability] });
}

/** Throws `CapabilityNotFoundError`. */
export function removeCapability(manifest: Manifest, name: string): Manifest {
  checkArguments('removeCapability', { manifest: [manifest, 'with capabilities'], name: [name, 'text'] });
  const removed = getCapability(manifest, name);
  return Object.freeze({
    ...manifest,
    capabilities: manifest.capabilities.filter((capability) => capability !== removed),
  });
}

/** Throws `CapabilityNotFoundError`. */
export function getCapability(manifest: Manifest, name: string): Capability {
  checkArguments('getCapability', { manifest: [manifest, 'with capabilities'], name: [name, 'text'] });
  const found = manifest.capabilities.find((capability) => capability.name === name);
  if (found !== undefined) return found;
  throw sessionError('capability_not_found', `manifest '${manifest.name}' has no capability '${name}'`, {
    details: { manifest: manifest.name, capability: name },
  });
}

/** Those capabilities of a manifest that are switched on. */
export function enabledCapabilities(manifest: Manifest): readonly Capability[] {
  checkArguments('enabledCapabilities', { manifest: [manifest, 'with capabilities'] });
  return manifest.capabilities.filter(({ enabled }) => enabled);
}
