// Which modules are built into one file: what is wanted together, and never so that two files would need each other.
import { describe, expect, it } from 'vitest';
import { withNamedBuiltins } from '../../scripts/parts/named-builtins.ts';
import { type BuiltFile, planParts, type Start } from '../../scripts/parts/plan-parts.ts';

const bigBytes = 500_000;

function shared(name: string, imports: readonly string[] = [], bytes = 1000): BuiltFile {
  return {
    fileName: name,
    facadeModuleId: null,
    isEntry: false,
    imports,
    modules: { [`/src/${name}.ts`]: {} },
    code: ' '.repeat(bytes),
  };
}

function entry(name: string, imports: readonly string[]): BuiltFile {
  return { ...shared(name, imports), facadeModuleId: `/src/${name}.ts` };
}

const start = (name: string, isDoor = false): Start => ({ files: [name], weight: 1, isDoor });

/** The names of the shared files that became one, each part in alphabetical order. */
function partsOf(files: readonly BuiltFile[], starts: readonly Start[]): readonly string[] {
  const byPart = new Map<string, string[]>();
  for (const [module, part] of planParts(files, starts))
    byPart.set(part, [...(byPart.get(part) ?? []), module.replace(/^.src.(.*).ts$/, '$1')]);
  return Array.from(byPart.values(), (names) => names.sort().join('+')).sort();
}

describe('the modules of a part', () => {
  it('are those that every start loads together', () => {
    const files = [
      entry('one', ['a', 'b']),
      entry('two', ['a', 'b']),
      shared('a'),
      shared('b', [], bigBytes),
    ];
    expect(partsOf(files, [start('one'), start('two')])).toEqual(['a+b']);
  });

  it('are not those that are large, and that one of the two does without', () => {
    const files = [entry('one', ['a', 'b']), entry('two', ['a']), shared('a'), shared('b', [], bigBytes)];
    expect(partsOf(files, [start('one'), start('two')])).toEqual(['a', 'b']);
  });

  it('may be small ones that one does without: a file more would cost more', () => {
    const files = [entry('one', ['a', 'b']), entry('two', ['a']), shared('a'), shared('b')];
    expect(partsOf(files, [start('one'), start('two')])).toEqual(['a+b']);
  });

  it('do not bring what only one of them needs to a start that did without it', () => {
    const large = { ...entry('c', []), code: ' '.repeat(bigBytes) };
    const files = [entry('one', ['a', 'b']), entry('two', ['a']), shared('a'), shared('b', ['c']), large];
    expect(partsOf(files, [start('one'), start('two')])).toEqual(['a', 'b']);
  });

  it('do not need each other by way of a third', () => {
    const files = [entry('one', ['a']), shared('a', ['named']), entry('named', ['c']), shared('c')];
    expect(partsOf(files, [start('one')])).toEqual(['a', 'c']);
  });

  it('do not bring a package, or a module of Node, to a start that did without it', () => {
    const files = [
      entry('one', ['a', 'b']),
      entry('two', ['a']),
      shared('a'),
      shared('b', ['c']),
      shared('c', ['node:sqlite']),
    ];
    expect(partsOf(files, [start('one'), start('two')])).toEqual(['a', 'b+c']);
  });

  it('may bring a command what every process has, and what a program imports not even that', () => {
    const files = [entry('one', ['a', 'b']), entry('two', ['a']), shared('a'), shared('b', ['node:path'])];
    expect(partsOf(files, [start('one'), start('two')])).toEqual(['a+b']);
    expect(partsOf(files, [start('one'), start('two', true)])).toEqual(['a', 'b']);
  });
});

describe('what the built code takes of Node', () => {
  it.each([
    ['import process from "node:process";', 'const process = globalThis.process;'],
    [
      'import { hash, randomUUID as uuid } from "node:crypto";',
      'const { hash, randomUUID: uuid } = globalThis.process.getBuiltinModule("node:crypto");',
    ],
    ['import { DatabaseSync } from "node:sqlite";', 'import { DatabaseSync } from "node:sqlite";'],
    ['import { a } from "./path.js";', 'import { a } from "./path.js";'],
  ])('is the name alone, where most commands use it: %s', (line, expected) => {
    expect(withNamedBuiltins(line)).toBe(expected);
  });
});
