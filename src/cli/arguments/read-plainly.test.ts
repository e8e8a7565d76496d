import { Command } from 'commander';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandTable } from '../command-table.ts';
import { inMemoryContext } from '../in-memory-context.ts';
import { Declaration } from './declaration.ts';
import { declareToLibrary } from './declare-to-library.ts';
import { type ReadLine, readPlainly } from './read-plainly.ts';

const declared = new Map<string, Declaration>();
const names = commandTable.map(({ name }) => name);

beforeAll(async () => {
  for (const { name, load } of commandTable) {
    const declaration = new Declaration();
    (await load())(declaration, inMemoryContext());
    declared.set(name, declaration);
  }
});

function declarationOf(name: string): Declaration {
  const declaration = declared.get(name);
  if (declaration === undefined) throw new Error(`no command ${name}`);
  return declaration;
}

/** What the library gives the action, among all commands; `undefined` when it gives it nothing. */
async function readByLibrary(name: string, line: readonly string[]): Promise<ReadLine | undefined> {
  const { takes, options } = declarationOf(name);
  let read: ReadLine | undefined;
  const recording = new Declaration().action(async (...given: readonly unknown[]) => {
    read = { values: given.slice(0, -1), flags: { ...(given.at(-1) as object) } };
  });
  for (const words of takes) recording.addArgument(words);
  for (const words of options) recording.addOption(words);
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  const program = new Command('runlog').option('-V, --version').exitOverride().configureOutput(silent);
  for (const other of names) {
    const command = program.command(other);
    if (other === name) declareToLibrary(command, recording);
  }
  await program.parseAsync([name, ...line], { from: 'user' }).catch(() => undefined);
  return read;
}

/** Words that the command knows, and words that nobody does. */
function lineFor(name: string): fc.Arbitrary<readonly string[]> {
  const { options, takes } = declarationOf(name);
  const flags = options.flatMap(({ flags: text }) => text.match(/--?[a-z-]+/g) ?? []);
  const choices = [...options, ...takes].flatMap((words) => [...(words.choices ?? [])]);
  const values = ['sqlite:///run.db', 'run_1', '7', '30d', '90s', 'a=b', '', '-', '--', 'help', ...choices];
  const odd = ['-5', '-x', '--no', '--version', '-V', '-h', '--help', '-of', '--json=1', '-oV'];
  const value = fc.constantFrom(...values);
  const flag = fc.constantFrom('--json', ...flags);
  return fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.tuple(flag, value) },
        { weight: 2, arbitrary: fc.tuple(flag) },
        { weight: 2, arbitrary: fc.tuple(flag, value).map(([name_, text]) => [`${name_}=${text}`]) },
        { weight: 6, arbitrary: fc.tuple(value) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...odd)) },
      ),
      { maxLength: 6 },
    )
    .map((groups) => groups.flat());
}

/** The mandatory options stand there, so that most lines are whole. */
function wholeLineFor(name: string): fc.Arbitrary<readonly string[]> {
  const { options, takes } = declarationOf(name);
  const values = takes.map(({ choices, name: text }) => choices?.[0] ?? text.replaceAll(/[^a-z]/g, ''));
  const needed = options
    .filter(({ isMandatory }) => isMandatory)
    .flatMap(({ flags, choices }) => [/--[a-z-]+/.exec(flags)?.[0] ?? '', choices?.[0] ?? 'some']);
  return lineFor(name).map((line) => [...values, ...needed, ...line]);
}

describe('a command line', () => {
  // `--since 30d` counts back from now: read twice, it would be two moments.
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterAll(() => void vi.useRealTimers());

  it.each(names)('of %s that is read plainly is read so by the library', async (name) => {
    const line = fc.oneof(lineFor(name), wholeLineFor(name));
    await fc.assert(
      fc.asyncProperty(line, async (words) => {
        const read = readPlainly(declarationOf(name), words);
        if (read !== undefined) expect(await readByLibrary(name, words)).toEqual(read);
      }),
      { numRuns: 60 },
    );
  });

  it.each(names)('of the examples of %s is plain', (name) => {
    const { after } = declarationOf(name);
    const lines = Array.from(
      after.matchAll(new RegExp(`^  runlog ${name} (.*)$`, 'gm')),
      ([, text = '']) => text,
    );
    // What a shell takes apart and what it hands on to others is not for us.
    const words = lines
      .filter((text) => !/[|>]/.test(text))
      .map((text) =>
        Array.from(text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c ?? ''),
      );
    for (const line of words)
      expect({ line, read: readPlainly(declarationOf(name), line) }).toMatchObject({ read: {} });
  });

  it.each([
    ['an option that is not known', ['url', '--jsn']],
    ['help', ['url', '--help']],
    ['the version', ['--version']],
    ['an option without its value', ['url', '--run-id']],
    ['a value that looks like an option', ['url', '--run-id', '--json']],
    ['a value that is refused', ['url', '--tail', 'many']],
    ['an argument too few', []],
    ['an argument too many', ['url', 'url']],
    ['letters in one', ['url', '-jx']],
    ['a value for what takes none', ['url', '--json=yes']],
    ['an option of one value given twice', ['url', '--run-id', 'a', '--run-id=b']],
  ])('with %s is left to the library', (_what, line) => {
    expect(readPlainly(declarationOf('inspect'), line)).toBeUndefined();
  });

  it('with options that do not go together is left to the library', () => {
    expect(readPlainly(declarationOf('conformance'), ['./a.ts', '--kill', '--seed', '1'])).toBeUndefined();
  });
});
