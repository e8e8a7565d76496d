/** Decides whether what a command printed with `--json` is what its published schema says: told by a validator that is not ours. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { jsonForms, jsonSchemaOf } from '../../src/cli/json-forms/json-forms.ts';

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, validateFormats: false });
const compiled = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const schema = jsonSchemaOf(name);
  if (schema === undefined) throw new Error(`no schema is published for '${name}'`);
  const validate = compiled.get(name) ?? ajv.compile(schema);
  compiled.set(name, validate);
  return validate;
}

function check(name: string, value: unknown): void {
  const validate = validatorOf(name);
  if (validate(value)) return;
  const found = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
  throw new Error(`not what \`runlog ${name} --json-schema\` says:\n${found.join('\n')}`);
}

/** One value, or one in each line. */
function valuesOf(output: string): readonly unknown[] {
  try {
    return [JSON.parse(output)];
  } catch {
    return output
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  }
}

/** Throws when the output of a command line is not what the schema of its command says; looks at nothing else than `--json`. */
export function checkJsonOutput(
  args: readonly string[],
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): void {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const [name = ''] = options;
  if (!options.includes('--json') || !Object.hasOwn(jsonForms, name)) return;
  if (stdout !== '') for (const value of valuesOf(stdout)) check(name, value);
  if (stderr.startsWith('{\n  "error"')) check('error', JSON.parse(stderr.split('\n}\n')[0] + '\n}'));
}
