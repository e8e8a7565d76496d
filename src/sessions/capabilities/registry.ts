/** Decides how manifests are kept by name: a registry is a plain value, and each operation gives a new one. */
import { checkArguments, isJsonObject, type JsonObject } from '../../base/index.ts';
import { compareIds } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { Fields } from '../model/fields.ts';
import type { CapabilityType } from './capability.ts';
import { type Manifest, manifestFromJson, manifestToJson } from './manifest.ts';

/** Manifests by name. */
export interface Registry {
  /** By name. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly metadata: JsonObject;
}

/** A registry with nothing in it. */
export function newRegistry(metadata: JsonObject = {}): Registry {
  return Object.freeze({ manifests: new Map(), metadata });
}

/** Throws `AlreadyExistsError` when the name is taken. */
export function registerManifest(registry: Registry, manifest: Manifest): Registry {
  checkArguments('registerManifest', {
    registry: [registry, 'with manifests'],
    manifest: [manifest, 'with name'],
  });
  if (registry.manifests.has(manifest.name)) {
    throw sessionError('already_exists', `a manifest '${manifest.name}' is registered already`, {
      details: { manifest: manifest.name },
    });
  }
  return withManifests(registry, new Map([...registry.manifests, [manifest.name, manifest]]));
}

/** Puts another manifest in the place of the one of that name. Throws `ResourceNotFoundError`. */
export function updateManifest(registry: Registry, manifest: Manifest): Registry {
  checkArguments('updateManifest', {
    registry: [registry, 'with manifests'],
    manifest: [manifest, 'with name'],
  });
  getManifest(registry, manifest.name);
  return withManifests(registry, new Map([...registry.manifests, [manifest.name, manifest]]));
}

/** Throws `ResourceNotFoundError`. */
export function unregisterManifest(registry: Registry, name: string): Registry {
  checkArguments('unregisterManifest', { registry: [registry, 'with manifests'], name: [name, 'text'] });
  getManifest(registry, name);
  return withManifests(registry, new Map([...registry.manifests].filter(([key]) => key !== name)));
}

/** Throws `ResourceNotFoundError`. */
export function getManifest(registry: Registry, name: string): Manifest {
  checkArguments('getManifest', { registry: [registry, 'with manifests'], name: [name, 'text'] });
  const manifest = registry.manifests.get(name);
  if (manifest !== undefined) return manifest;
  throw sessionError('not_found', `no manifest '${name}' is registered`, { details: { manifest: name } });
}

/** By name, in the order of code points. */
export function listManifests(registry: Registry): readonly Manifest[] {
  checkArguments('listManifests', { registry: [registry, 'with manifests'] });
  return [...registry.manifests.values()].sort((left, right) => compareIds(left.name, right.name));
}

/** All manifests of one provider. */
export function manifestsOfProvider(registry: Registry, provider: string): readonly Manifest[] {
  checkArguments('manifestsOfProvider', { registry: [registry, 'with manifests'] });
  return listManifests(registry).filter((manifest) => manifest.provider === provider);
}

/** Those with an enabled capability of that type. */
export function manifestsWithCapability(registry: Registry, type: CapabilityType): readonly Manifest[] {
  checkArguments('manifestsWithCapability', { registry: [registry, 'with manifests'] });
  return listManifests(registry).filter(({ capabilities }) =>
    capabilities.some((capability) => capability.enabled && capability.type === type),
  );
}

/** Reads a registry. Throws what `manifestFromJson` throws, and `ValidationError` for a name that does not fit its manifest. */
export function registryFromJson(json: unknown): Registry {
  const fields = new Fields('registry', json);
  let registry = newRegistry(fields.map('metadata'));
  for (const [name, value] of Object.entries(fields.map('manifests'))) {
    const manifest = manifestFromJson(value);
    if (manifest.name !== name) {
      throw sessionError('validation_error', `manifest '${manifest.name}' is registered as '${name}'`, {
        details: { manifest: manifest.name, registered_as: name },
      });
    }
    registry = registerManifest(registry, manifest);
  }
  return registry;
}

/** As it is stored. */
export function registryToJson(registry: Registry): JsonObject {
  checkArguments('registryToJson', { registry: [registry, 'with manifests'] });
  const manifests = listManifests(registry).map((manifest) => [manifest.name, manifestToJson(manifest)]);
  const read: unknown = Object.fromEntries(manifests);
  return { manifests: isJsonObject(read) ? read : {}, metadata: registry.metadata };
}

function withManifests(registry: Registry, manifests: ReadonlyMap<string, Manifest>): Registry {
  return Object.freeze({ ...registry, manifests });
}
