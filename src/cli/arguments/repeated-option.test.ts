import { expect, it } from 'vitest';
import { commandTable } from '../command-table.ts';
import { inMemoryContext } from '../in-memory-context.ts';
import { main } from '../main.ts';
import { Declaration, type OptionWords } from './declaration.ts';

const samples = ['some', '7', '30d', '90s', '[]', '{}', 'live'];

interface Once {
  readonly command: string;
  readonly flags: string;
  readonly value: string;
  readonly exitCode: number;
}

/** Each option that takes one value, with a value that it takes. */
async function optionsOfOneValue(): Promise<readonly Once[]> {
  const found: Once[] = [];
  for (const { name: command, load, failsWith: exitCode = 2 } of commandTable) {
    const declaration = new Declaration();
    (await load())(declaration, inMemoryContext());
    for (const words of declaration.options)
      if (words.flags.includes('<') && words.isList !== true)
        found.push({ command, flags: words.flags, value: sampleOf(words), exitCode });
  }
  return found;
}

function sampleOf({ flags, choices, read }: OptionWords): string {
  const sample = (choices ?? samples).find((text) => {
    try {
      if (read !== undefined) Reflect.apply(read, undefined, [text, undefined]);
      return true;
    } catch {
      return false;
    }
  });
  if (sample === undefined) throw new Error(`no sample fits ${flags}`);
  return sample;
}

const all = await optionsOfOneValue();

it.each(all)('$command takes $flags once', async ({ command, flags, value, exitCode }) => {
  const { terminal, err } = inMemoryContext();
  const names = flags.match(/--?[a-z-]+/g) ?? [];
  const line = [command, names[0] ?? '', value, `${names.at(-1)}=${value}`];
  expect(await main(line, terminal)).toBe(exitCode);
  expect(err.join('')).toContain(`option '${flags}' is given twice`);
});
