// Finds the error classes of the product in its sources: every class that `errorClass` makes, and the door that hands it out.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorClass } from '../src/base/index.ts';
import { readSubpaths } from './subpaths.ts';

export interface KnownErrorClass {
  readonly name: string;
  readonly code: string;
  /** Names of all its ancestors that are classes of this product, nearest first. */
  readonly ancestors: readonly string[];
  /** The platform's class that it is an instance of besides, if that is not plain `Error`. */
  readonly builtin: string | null;
  /** What to import it from; `null` when no door hands it out. */
  readonly specifier: string | null;
}

/** All classes, sorted by name. */
export async function readErrorClasses(): Promise<readonly KnownErrorClass[]> {
  const doors = await Promise.all(
    readSubpaths()
      .filter(({ source }) => existsSync(source))
      .map(async ({ specifier, source }) => ({ specifier, exports: await exportsOf(source) })),
  );
  const makers = globSync('src/**/*.ts').filter(isMaker).sort();
  const found = new Map<string, KnownErrorClass>();
  for (const exports of await Promise.all(makers.map(exportsOf))) {
    for (const made of exports.filter(isErrorClass)) {
      const specifier = doors.find((door) => door.exports.includes(made))?.specifier ?? null;
      found.set(made.name, describeClass(made, specifier));
    }
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isMaker(path: string): boolean {
  return !path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('= errorClass(');
}

async function exportsOf(source: string): Promise<readonly unknown[]> {
  const module = (await import(pathToFileURL(resolve(source)).href)) as Readonly<Record<string, unknown>>;
  return Object.values(module);
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && 'kinds' in value && 'code' in value;
}

function describeClass(made: ErrorClass, specifier: string | null): KnownErrorClass {
  const builtin: unknown = Reflect.get(Object(Object.getPrototypeOf(made)), 'name');
  return {
    name: made.name,
    code: made.code,
    ancestors: made.kinds.filter((kind) => kind !== made.name && kind !== 'NotFoundError'),
    builtin: typeof builtin === 'string' && builtin !== 'Error' ? builtin : null,
    specifier,
  };
}
