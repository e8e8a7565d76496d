/** Decides what a declared object or relation type demands, and checks additions and patches against it. */
import {
  checkArguments,
  checkedOptions,
  checkOptionNames,
  checkParts,
  isSchema,
  type JsonObject,
  type Schema,
  validate,
  wrongArgument,
} from '../base/index.ts';
import { intakePayload } from '../log/index.ts';
import { schemaViolation } from './errors.ts';

/** A declared type of objects. `Data` is what the schema hands out. */
export interface ObjectType<Data = unknown> {
  readonly kind: 'object-type';
  readonly name: string;
  readonly schema: Schema<Data>;
  readonly description: string;
}

/** A declared type of relations: which types of objects it may connect. Empty lists allow any. */
export interface RelationType {
  readonly kind: 'relation-type';
  readonly name: string;
  readonly sourceTypes: readonly string[];
  readonly targetTypes: readonly string[];
  readonly description: string;
}

/** The name of every option: one that is missing here does not compile. What was made already is taken again, with its `kind`. */
const objectTypeNames: readonly string[] = Object.keys({
  kind: true,
  name: true,
  schema: true,
  description: true,
} satisfies Record<keyof ObjectType | keyof Parameters<typeof objectType>[0], true>);
const relationTypeNames: readonly string[] = Object.keys({
  kind: true,
  name: true,
  sourceTypes: true,
  targetTypes: true,
  description: true,
} satisfies Record<keyof RelationType | keyof Parameters<typeof relationType>[0], true>);

/** Declares a type of objects; its schema types and checks their data. Throws `RegistrationError` for a bad name. */
export function objectType<Data>(options: {
  readonly name: string;
  readonly schema: Schema<Data>;
  readonly description?: string;
}): ObjectType<Data> {
  checkOptionNames('objectType', checkedOptions('objectType', options), objectTypeNames);
  if (!isSchema(options.schema))
    throw wrongArgument('objectType', '`schema` as a Standard Schema', options.schema);
  checkArguments('objectType', { name: [options.name, 'text'] });
  checkParts('objectType', options, { description: ['text'] });
  return Object.freeze({
    kind: 'object-type',
    name: options.name,
    schema: options.schema,
    description: options.description ?? '',
  });
}

/** Declares a type of relations, and between which types of objects it may stand. */
export function relationType(options: {
  readonly name: string;
  readonly sourceTypes?: readonly string[];
  readonly targetTypes?: readonly string[];
  readonly description?: string;
}): RelationType {
  checkOptionNames('relationType', checkedOptions('relationType', options), relationTypeNames);
  checkArguments('relationType', { name: [options.name, 'text'] });
  checkParts('relationType', options, {
    sourceTypes: ['list'],
    targetTypes: ['list'],
    description: ['text'],
  });
  return Object.freeze({
    kind: 'relation-type',
    name: options.name,
    sourceTypes: options.sourceTypes ?? [],
    targetTypes: options.targetTypes ?? [],
    description: options.description ?? '',
  });
}

/** The types that a run knows. Types that nobody declared are allowed and unchecked. */
export class DeclaredTypes {
  readonly #objects = new Map<string, { readonly type: ObjectType; readonly owner: string | null }>();
  readonly #relations = new Map<string, { readonly type: RelationType; readonly owner: string | null }>();

  declareObject(type: ObjectType, owner: string | null): void {
    this.#objects.set(type.name, { type, owner });
  }

  declareRelation(type: RelationType, owner: string | null): void {
    this.#relations.set(type.name, { type, owner });
  }

  /** The pack (or `null` for none) that declared an object type; `undefined` when nobody did. */
  ownerOfObject(name: string): string | null | undefined {
    return this.#objects.get(name)?.owner;
  }

  ownerOfRelation(name: string): string | null | undefined {
    return this.#relations.get(name)?.owner;
  }

  /**
   * The data as the schema hands it out: defaults filled, unknown keys as the schema has it. A type that is given as a value is
   * checked by its own schema when the run does not declare that name. Throws `PackSchemaViolation`.
   */
  checkObject(named: string | ObjectType, data: JsonObject): JsonObject {
    const name = typeof named === 'string' ? named : named.name;
    const declared = this.#objects.get(name);
    const type = declared?.type ?? (typeof named === 'string' ? undefined : named);
    if (type === undefined) return data;
    const result = validate(type.schema, data);
    if (result.ok) return intakePayload(result.value).value;
    const problem = result.issues
      .map((issue) => `${issue.path === '' ? 'data' : issue.path}: ${issue.message}`)
      .join('; ');
    throw schemaViolation({
      what: `an object of type '${name}'`,
      owner: declared?.owner ?? null,
      problem,
      context: { object_type: name, validation_error: problem },
    });
  }

  checkRelation(typeName: string, endpoints: { readonly source: string; readonly target: string }): void {
    const declared = this.#relations.get(typeName);
    if (declared === undefined) return;
    for (const side of ['source', 'target'] as const) {
      const allowed = side === 'source' ? declared.type.sourceTypes : declared.type.targetTypes;
      if (allowed.length === 0 || allowed.includes(endpoints[side])) continue;
      throw schemaViolation({
        what: `a relation of type '${typeName}'`,
        owner: declared.owner,
        problem: `its ${side} is of type '${endpoints[side]}'`,
        allowed,
        context: {
          relation_type: typeName,
          side,
          [`${side}_type`]: endpoints[side],
          [`allowed_${side}_types`]: [...allowed],
        },
      });
    }
  }
}
