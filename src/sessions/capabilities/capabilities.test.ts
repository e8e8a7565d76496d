import { describe, expect, it } from 'vitest';
import {
  AlreadyExistsError,
  CapabilityNotFoundError,
  DuplicateCapabilityError,
  InvalidCapabilityTypeError,
  MissingRequiredCapabilityError,
  ResourceNotFoundError,
  ValidationError,
} from '../errors/error-classes.ts';
import { capabilityFromJson, switchCapability } from './capability.ts';
import { capabilityResolver } from './capability-resolver.ts';
import {
  addCapability,
  enabledCapabilities,
  getCapability,
  manifestFromJson,
  manifestToJson,
  removeCapability,
} from './manifest.ts';
import {
  listManifests,
  manifestsOfProvider,
  manifestsWithCapability,
  newRegistry,
  registerManifest,
  registryFromJson,
  registryToJson,
  unregisterManifest,
  updateManifest,
} from './registry.ts';

const bash = capabilityFromJson({ name: 'bash', type: 'tool' });
const web = capabilityFromJson({ name: 'web', type: 'network_access' });
const claude = manifestFromJson({
  name: 'claude',
  version: '1',
  provider: 'anthropic',
  capabilities: [bash],
});

describe('a capability', () => {
  it('is switched on unless it says otherwise', () => {
    expect(bash).toMatchObject({ enabled: true, config: {}, permissions: [], description: null });
  });

  it('has a known type', () => {
    expect(() => capabilityFromJson({ name: 'x', type: 'magic' })).toThrow(InvalidCapabilityTypeError);
    expect(() => capabilityFromJson({ type: 'tool' })).toThrow('name is required');
  });
});

describe('a manifest', () => {
  it('has each capability once', () => {
    expect(() => addCapability(claude, bash)).toThrow(DuplicateCapabilityError);
    expect(addCapability(claude, web).capabilities).toHaveLength(2);
    expect(() => manifestFromJson({ name: 'm', version: '1', capabilities: [bash, bash] })).toThrow(
      DuplicateCapabilityError,
    );
  });

  it('says when it lacks one', () => {
    expect(() => getCapability(claude, 'web')).toThrow(CapabilityNotFoundError);
    expect(() => removeCapability(claude, 'web')).toThrow(CapabilityNotFoundError);
    expect(removeCapability(claude, 'bash').capabilities).toEqual([]);
  });

  it('lists what is switched on', () => {
    const off = addCapability(claude, switchCapability(web, false));
    expect(enabledCapabilities(off)).toEqual([bash]);
  });

  it('is read and written alike', () => {
    expect(manifestFromJson(manifestToJson(claude))).toEqual(claude);
  });
});

describe('a registry', () => {
  const registry = registerManifest(newRegistry({ owner: 'me' }), claude);
  const amp = manifestFromJson({ name: 'amp', version: '1', capabilities: [switchCapability(web, false)] });

  it('has each manifest once', () => {
    expect(() => registerManifest(registry, claude)).toThrow(AlreadyExistsError);
    expect(() => updateManifest(registry, amp)).toThrow(ResourceNotFoundError);
    expect(() => unregisterManifest(registry, 'amp')).toThrow(ResourceNotFoundError);
    expect(listManifests(unregisterManifest(registry, 'claude'))).toEqual([]);
  });

  it('lists by name, by provider and by what is switched on', () => {
    const both = registerManifest(registry, amp);
    expect(listManifests(both)).toEqual([amp, claude]);
    expect(manifestsOfProvider(both, 'anthropic')).toEqual([claude]);
    expect(manifestsWithCapability(both, 'network_access')).toEqual([]);
    expect(manifestsWithCapability(both, 'tool')).toEqual([claude]);
  });

  it('is read and written alike, and refuses a manifest under another name', () => {
    expect(registryToJson(registryFromJson(registryToJson(registry)))).toEqual(registryToJson(registry));
    expect(() => registryFromJson({ manifests: { other: manifestToJson(claude) } })).toThrow(ValidationError);
  });
});

describe('a capability resolver', () => {
  it('says what is missing of what is required', () => {
    const resolver = capabilityResolver({ required: ['tool', 'file_access', 'sampling'] });
    expect(() => resolver.negotiate([bash])).toThrow(MissingRequiredCapabilityError);
    expect(() => resolver.negotiate([bash])).toThrow('file_access, sampling');
  });

  it('goes on without what is optional, and says so', () => {
    const resolver = capabilityResolver({ required: ['tool'], optional: ['network_access'] });
    const degraded = resolver.negotiate([bash, switchCapability(web, false)]);
    expect(degraded).toMatchObject({
      status: 'degraded',
      supported: ['tool'],
      unsupported: ['network_access'],
    });
    expect(degraded.warnings).toHaveLength(1);
    expect(resolver.negotiate([bash, web])).toEqual({
      status: 'full',
      supported: ['tool', 'network_access'],
      unsupported: [],
      warnings: [],
    });
  });

  it('refuses a type that does not exist', () => {
    expect(() => capabilityResolver({ optional: ['magic'] })).toThrow(InvalidCapabilityTypeError);
  });
});
