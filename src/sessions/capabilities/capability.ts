/** Decides what a capability of an agent is, and which kinds there are. */
import type { JsonObject } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { Fields } from '../model/fields.ts';

/** The kinds of capabilities. */
export const capabilityTypes = [
  'tool',
  'resource',
  'prompt',
  'sampling',
  'file_access',
  'network_access',
  'code_execution',
] as const;
/** The kinds of capabilities. */
export type CapabilityType = (typeof capabilityTypes)[number];

/** Something that an agent can do, with its configuration and permissions. */
export interface Capability {
  readonly name: string;
  readonly type: CapabilityType;
  /** One that is switched off counts as absent when agents are matched. */
  readonly enabled: boolean;
  readonly description: string | null;
  readonly config: JsonObject;
  readonly permissions: readonly string[];
}

/** Reads a capability; only `name` and `type` have to be there. Throws `ValidationError`, `InvalidCapabilityTypeError`. */
export function capabilityFromJson(json: unknown): Capability {
  const fields = new Fields('capability', json);
  return Object.freeze({
    name: fields.text('name'),
    type: readCapabilityType(fields.text('type')),
    enabled: fields.flagOr('enabled', true),
    description: fields.optionalText('description'),
    config: fields.map('config'),
    permissions: fields.texts('permissions'),
  });
}

/** As it is stored. */
export function capabilityToJson(capability: Capability): JsonObject {
  return { ...capability };
}

/** The same capability, switched on or off. */
export function switchCapability(capability: Capability, enabled: boolean): Capability {
  return { ...capability, enabled };
}

/** Throws `InvalidCapabilityTypeError` for a text that is no type. */
export function readCapabilityType(text: string): CapabilityType {
  const type = capabilityTypes.find((known) => known === text);
  if (type !== undefined) return type;
  throw sessionError('invalid_capability_type', `there is no capability type '${text}'`, {
    details: { type: text, known: [...capabilityTypes] },
  });
}
