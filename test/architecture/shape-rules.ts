// The rules of shape: how long a file, a function and a folder may be, and what a file may be called.
import { posix } from 'node:path';
import ts from 'typescript';
import { type House, type HouseFile, lineOf, walk } from './house.ts';

const limits = { source: 400, test: 600, command: 200, function: 70, folder: 25 };
const vagueNames = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'types']);

export function checkFileSizes(house: House): string[] {
  return house.files.flatMap((file) => {
    const lines = file.text.replace(/\n$/, '').split('\n').length;
    const limit = lineLimit(file);
    return lines >= limit ? [`${file.path} has ${lines} lines; it fails at ${limit}`] : [];
  });
}

function lineLimit(file: HouseFile): number {
  if (file.isTest) return limits.test;
  return file.path.startsWith('src/cli/commands/') ? limits.command : limits.source;
}

/** Tests are left out: a `describe` is a list, not a function. */
export function checkFunctionSizes(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    if (file.isTest) continue;
    walk(file.ast, (node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
      const start = lineOf(file, node);
      const lines = file.ast.getLineAndCharacterOfPosition(node.end).line + 2 - start;
      if (lines > limits.function)
        violations.push(`${file.path}:${start} a function of ${lines} lines; at most ${limits.function}`);
    });
  }
  return violations;
}

export function checkFolderSizes(house: House): string[] {
  const counts = new Map<string, number>();
  for (const file of house.files) {
    const folder = posix.dirname(file.path);
    if (file.room !== null && !file.isTest) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > limits.folder)
    .map(
      ([folder, count]) =>
        `${folder} holds ${count} source files; at most ${limits.folder}, then a sub-folder`,
    );
}

/** A name says what a file decides, in kebab-case. */
export function checkFileNames(house: House): string[] {
  return house.files.flatMap(({ path }) => {
    const [, ...names] = path.split('/');
    const stems = names.map((name) => name.replace(/(\.config)?(\.test|\.test-d|\.d)?\.(ts|js)$/, ''));
    const vague = stems
      .filter((stem) => vagueNames.has(stem))
      .map((stem) => `${path} is called '${stem}', which says nothing`);
    const odd = stems
      .filter((stem) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem))
      .map((stem) => `${path}: '${stem}' is not kebab-case`);
    return [...vague, ...odd];
  });
}
