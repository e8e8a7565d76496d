/**
 * Decides how values from outside are validated: any library that speaks Standard Schema (zod, valibot, arktype) is taken,
 * and none is depended on. The interface is written down here by its shape, from https://standardschema.dev.
 */
import { checkArguments } from './argument-check.ts';
import { InvalidArgumentType } from './error-categories.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** A schema of any Standard Schema library. `Output` is what `validate` hands out. */
export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema said of a value: the typed value, or what is wrong with it and where. */
export type Validated<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly issues: readonly { readonly path: string; readonly message: string }[] };

/** Validates at once. A schema that answers with a promise is refused: the loop of a run cannot wait for validation. */
export function validate<Output>(schema: Schema<Output>, value: unknown): Validated<Output> {
  const result = schema['~standard'].validate(value);
  if ('then' in result) {
    throw new InvalidArgumentType({
      summary: 'a schema validates asynchronously',
      whatFailed: `A schema of ${schema['~standard'].vendor} answered with a promise.`,
      why: 'A behavior is deterministic between two recorded answers, so validation has to end in the same turn.',
      howToFix: 'Use a schema without asynchronous refinements or transforms.',
      context: { vendor: schema['~standard'].vendor },
    });
  }
  if (result.issues === undefined) return { ok: true, value: result.value };
  return {
    ok: false,
    issues: result.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })),
  };
}

/** True when a value can be used as a schema. */
export function isSchema(value: unknown): value is Schema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  return (
    typeof standard === 'object' &&
    standard !== null &&
    typeof Reflect.get(standard, 'validate') === 'function'
  );
}

/**
 * The JSON Schema (draft 2020-12) of a schema whose library can write it, `null` where it cannot. Libraries offer it as
 * `~standard.jsonSchema`, the sister interface of Standard Schema.
 */
export function jsonSchemaOf(schema: Schema): JsonObject | null {
  checkArguments('jsonSchemaOf', { schema: [schema, 'with ~standard', 'function'] });
  const source: unknown = Reflect.get(schema['~standard'], 'jsonSchema');
  if (typeof source !== 'object' || source === null) return null;
  const write: unknown = Reflect.get(source, 'output');
  if (typeof write !== 'function') return null;
  const written: unknown = Reflect.apply(write, source, [{ target: 'draft-2020-12' }]);
  return isJsonObject(written) ? written : null;
}

function pathText(path: SchemaIssue['path']): string {
  let text = '';
  for (const step of path ?? []) {
    const key = typeof step === 'object' ? step.key : step;
    text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`;
  }
  return text;
}
