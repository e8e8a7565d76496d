// Decides how a page names the test of a claim: `test/file.test.ts` "name of the test"; without a name the whole file is meant.
import { existsSync, readFileSync, statSync } from 'node:fs';

export interface Proof {
  readonly path: string;
  /** `null` when the whole file, or folder, is the proof. */
  readonly claim: string | null;
}

export function proofsOf(text: string): readonly Proof[] {
  const found = text.matchAll(/`((?:test|src)\/[^`]+)`(?: "([^"]+)")?/g);
  return Array.from(found, ([, path = '', claim]) => ({ path, claim: claim ?? null }));
}

/** What is wrong with a proof: no such file, or none of its tests is called so. */
export function problemOf({ path, claim }: Proof): string | null {
  if (!existsSync(path)) return `there is no ${path}`;
  if (claim === null || statSync(path).isDirectory()) return null;
  const names = readFileSync(path, 'utf8').replaceAll("\\'", "'");
  const isThere = ["'", '"', '`'].some((quote) => names.includes(`${quote}${claim}${quote}`));
  return isThere ? null : `${path} has no test '${claim}'`;
}

/** The rows of every table of a page, as cells; heads and rules are left out. */
export function tableRows(page: string): readonly (readonly string[])[] {
  const lines = page.split('\n');
  const isRow = (line: string | undefined) => line?.startsWith('| ') === true;
  const isHead = (at: number) => lines[at + 1]?.startsWith('|---') === true;
  return lines
    .filter((line, at) => isRow(line) && !isHead(at))
    .map((line) => line.slice(2, line.lastIndexOf(' |')).split(' | '));
}
