// Writes what `--json` prints as JSON Schemas, one file a command, and `error.json` last.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export async function writeJsonSchemas(folder: string): Promise<void> {
  // Loaded when there is something to write: a build that is fresh needs none of it.
  const { jsonForms, jsonSchemaOf } = await import('../src/cli/json-forms/json-forms.ts');
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(jsonForms))
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`);
}
