/** Decides what a pack is: the types, behaviors, tools, policies and prompts of one domain, as one frozen value. */
import { checkedOptions, checkOptionNames, isSchema, type Schema } from '../base/index.ts';
import type { Tool } from '../effects/index.ts';
import type { ObjectType, RelationType } from '../graph/index.ts';
import type { Behavior } from '../runtime/index.ts';
import { packInvalid } from './errors.ts';
import type { PackPrompt } from './prompt-file.ts';

/** What of a pack waits for a person's approval, unless a setting says otherwise. */
export interface PackPolicy {
  readonly name: string;
  /** Types of objects that are put up for approval instead of being added. */
  readonly requiresApproval: readonly string[];
  /** A boolean setting of the pack that lifts the policy while it is true. */
  readonly unlessSetting?: string;
}

/** What a pack brings: types, behaviors, tools, policies, prompts, and the schema of its settings. */
export interface PackOptions<Settings> {
  /** Lower case, digits and underscores, beginning with a letter. */
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly objectTypes?: readonly ObjectType[];
  readonly relationTypes?: readonly RelationType[];
  readonly behaviors?: readonly Behavior[];
  readonly tools?: readonly Tool[];
  readonly policies?: readonly PackPolicy[];
  readonly prompts?: readonly PackPrompt[];
  readonly settings?: Schema<Settings>;
}

/** Made by `pack()`. */
export interface Pack {
  readonly kind: 'pack';
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly objectTypes: readonly ObjectType[];
  readonly relationTypes: readonly RelationType[];
  readonly behaviors: readonly Behavior[];
  readonly tools: readonly Tool[];
  readonly policies: readonly PackPolicy[];
  readonly prompts: readonly PackPrompt[];
  readonly settings: Schema | null;
}

/** The name of every option: one that is missing here does not compile. What was made already is taken again, with its `kind`. */
const optionNames: readonly string[] = Object.keys({
  kind: true,
  name: true,
  version: true,
  description: true,
  objectTypes: true,
  relationTypes: true,
  behaviors: true,
  tools: true,
  policies: true,
  prompts: true,
  settings: true,
} satisfies Record<keyof Pack | keyof PackOptions<unknown>, true>);

/** Declares a pack. Throws `PackValidationError` when a name is missing, malformed or used twice. */
export function pack<Settings>(options: PackOptions<Settings>): Pack {
  checkOptionNames('pack', checkedOptions('pack', options), optionNames);
  const made: Pack = {
    kind: 'pack',
    name: options.name,
    version: options.version,
    description: options.description ?? '',
    objectTypes: Object.freeze([...(options.objectTypes ?? [])]),
    relationTypes: Object.freeze([...(options.relationTypes ?? [])]),
    behaviors: Object.freeze([...(options.behaviors ?? [])]),
    tools: Object.freeze([...(options.tools ?? [])]),
    policies: Object.freeze([...(options.policies ?? [])]),
    prompts: Object.freeze([...(options.prompts ?? [])]),
    settings: options.settings ?? null,
  };
  check(made);
  return Object.freeze(made);
}

function check(made: Pack): void {
  const invalid = (problem: string): Error => packInvalid({ pack: made.name, problem });
  if (typeof made.name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(made.name))
    throw invalid('its name is not of the form a-z, 0-9 and _');
  if (typeof made.version !== 'string' || made.version === '') throw invalid('it has no version');
  if (made.settings !== null && !isSchema(made.settings)) throw invalid('its settings are no schema');
  for (const [part, isOne] of parts) {
    const odd = made[part].findIndex((one: unknown) => !isObject(one) || !isOne(one));
    if (odd >= 0) throw invalid(`entry ${odd + 1} of ${part} is not one that its declaring function made`);
    const names = made[part].map(({ name }) => name);
    const nameless = names.findIndex((name) => typeof name !== 'string' || name === '');
    if (nameless >= 0) throw invalid(`entry ${nameless + 1} of ${part} has no name`);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw invalid(`${part} has '${twice}' twice`);
  }
  const tools = new Set(made.tools.map(({ name }) => name));
  for (const behavior of made.behaviors) {
    const unknown = behavior.tools
      .filter((named) => typeof named === 'string')
      .find((named) => !tools.has(named));
    if (unknown !== undefined)
      throw invalid(`behavior '${behavior.name}' lists tool '${unknown}', which the pack does not have`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** What callers without types may put into the lists, and what it has to be. */
const parts: readonly (readonly [
  'objectTypes' | 'relationTypes' | 'behaviors' | 'tools' | 'policies' | 'prompts',
  (one: Fields) => boolean,
])[] = [
  ['objectTypes', ({ kind }) => kind === 'object-type'],
  ['relationTypes', ({ kind }) => kind === 'relation-type'],
  [
    'behaviors',
    ({ run, view, tools }) => typeof run === 'function' && isObject(view) && Array.isArray(tools),
  ],
  ['tools', ({ kind }) => kind === 'tool'],
  ['policies', ({ requiresApproval }) => Array.isArray(requiresApproval)],
  ['prompts', ({ version, body }) => typeof version === 'string' && typeof body === 'string'],
];

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
