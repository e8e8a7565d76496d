/** Decides whether an agent can do what a run asks for, and what it will have to do without. */
import { checkArguments } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { type Capability, type CapabilityType, readCapabilityType } from './capability.ts';

/** Which capability types an agent supports of those asked for. */
export interface Negotiated {
  /** `degraded`: an optional capability is missing. */
  readonly status: 'full' | 'degraded';
  /** What was asked for and is there, as it was asked for. */
  readonly supported: readonly CapabilityType[];
  readonly unsupported: readonly CapabilityType[];
  /** One sentence for each optional capability that is missing. */
  readonly warnings: readonly string[];
}

/** Decides whether what an agent offers suffices for what is required. */
export interface CapabilityResolver {
  readonly required: readonly CapabilityType[];
  readonly optional: readonly CapabilityType[];
  /** Throws `MissingRequiredCapabilityError`, which lists everything that is missing. */
  readonly negotiate: (capabilities: readonly Capability[]) => Negotiated;
}

/** Throws `InvalidCapabilityTypeError` for a type that is none. */
export function capabilityResolver(wanted: {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}): CapabilityResolver {
  checkArguments('capabilityResolver', { wanted: [wanted, 'object'] });
  const required = [...new Set((wanted.required ?? []).map(readCapabilityType))];
  const optional = [...new Set((wanted.optional ?? []).map(readCapabilityType))];
  return Object.freeze({
    required,
    optional,
    negotiate: (capabilities: readonly Capability[]) => negotiate(required, optional, capabilities),
  });
}

function negotiate(
  required: readonly CapabilityType[],
  optional: readonly CapabilityType[],
  capabilities: readonly Capability[],
): Negotiated {
  const there = new Set(capabilities.filter(({ enabled }) => enabled).map(({ type }) => type));
  const missing = required.filter((type) => !there.has(type));
  if (missing.length > 0) {
    throw sessionError('missing_required_capability', `the agent cannot: ${missing.join(', ')}`, {
      details: { missing: [...missing], available: [...there] },
    });
  }
  const unsupported = optional.filter((type) => !there.has(type) && !required.includes(type));
  return {
    status: unsupported.length === 0 ? 'full' : 'degraded',
    supported: [...new Set([...required, ...optional])].filter((type) => there.has(type)),
    unsupported,
    warnings: unsupported.map((type) => `The agent has no '${type}'; the run goes on without it.`),
  };
}
