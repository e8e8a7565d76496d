import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Declaration } from '../arguments/declaration.ts';
import { commandTable } from '../command-table.ts';
import { inMemoryContext } from '../in-memory-context.ts';
import { main } from '../main.ts';
import { jsonForms, jsonSchemaOf } from './json-forms.ts';

async function optionsOf(name: string): Promise<readonly string[]> {
  const entry = commandTable.find((each) => each.name === name);
  const command = new Declaration();
  (await entry?.load())?.(command, inMemoryContext());
  return command.options.map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? '');
}

const names = commandTable.map(({ name }) => name);

describe('the forms of JSON', () => {
  it('are there for every command with --json, and for no other', async () => {
    const printing: string[] = [];
    for (const name of names) if ((await optionsOf(name)).includes('--json')) printing.push(name);
    expect(Object.keys(jsonForms).filter((name) => name !== 'error')).toEqual(printing);
  });

  it('can be asked for wherever there is --json', async () => {
    for (const name of Object.keys(jsonForms).filter((each) => each !== 'error'))
      expect(await optionsOf(name)).toContain('--json-schema');
  });

  it.each(Object.keys(jsonForms))('of %s are a schema that a validator takes', (name) => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
    expect(jsonSchemaOf(name)).toMatchObject({ $id: `https://runlog.dev/schemas/${name}.json` });
    expect(() => ajv.compile(jsonSchemaOf(name) ?? {})).not.toThrow();
  });

  it.each(Object.keys(jsonForms))('of %s leave no object of ours open', (name) => {
    expect(openPlaces(jsonSchemaOf(name), name)).toEqual([]);
  });
});

const node = z.looseObject({
  properties: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});

/** Where a schema names fields and lets others pass. */
function openPlaces(value: unknown, place: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { properties, additionalProperties } = node.parse(Array.isArray(value) ? {} : value);
  const own = properties !== undefined && additionalProperties !== false ? [place] : [];
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => openPlaces(inner, `${place}.${name}`))];
}

describe('--json-schema', () => {
  it('prints the schema, whatever else the command needs', async () => {
    const { terminal, out } = inMemoryContext();
    expect(await main(['fork', '--json-schema'], terminal)).toBe(0);
    expect(JSON.parse(out.join(''))).toEqual(jsonSchemaOf('fork'));
  });

  it('is refused by a command that prints no JSON', async () => {
    expect(await main(['completion', '--json-schema'], inMemoryContext().terminal)).toBe(2);
  });

  it('is a word like others behind --', async () => {
    const { terminal, err } = inMemoryContext();
    expect(await main(['agent', 'run', '--', '--json-schema'], terminal)).toBe(2);
    expect(err.join('')).toContain("required option '--agent <name>' not specified");
  });
});
