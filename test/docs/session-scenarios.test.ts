// The page of the thirty scenarios names a proof for each, and the proof is there.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allSessionCases } from '../../src/conformance/index.ts';

const page = readFileSync('docs/internals/session-scenarios.md', 'utf8');
const rows = Array.from(page.matchAll(/^\| (\d+)\. .+ \| (.+) \|$/gm), ([, number = '', proof = '']) => ({
  number: Number(number),
  proof,
}));

it('has all thirty', () => {
  expect([...new Set(rows.map(({ number }) => number))]).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
});

it('names cases of the kit that are there', () => {
  const known = new Set(allSessionCases.map(({ id }) => id));
  const named = rows.flatMap(({ proof }) =>
    Array.from(proof.matchAll(/case `([^`]+)`/g), ([, id = '']) => id),
  );
  expect(named.length).toBeGreaterThan(13);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});

it('names tests of the scenarios that are there, each with a test of its number', () => {
  const files = rows.flatMap(({ number, proof }) =>
    Array.from(proof.matchAll(/`(test\/[^`]+)`/g), ([, path = '']) => ({ number, path })),
  );
  expect(files.length).toBeGreaterThan(16);
  const missing = files.filter(({ number, path }) => {
    if (!existsSync(path)) return true;
    // A file of one scenario has its number in its name, a file of several in the names of its tests.
    const isShared = /sessions\/\d+-\d+-/.test(path);
    return isShared && !new RegExp(`['\`]${number}: `).test(readFileSync(path, 'utf8'));
  });
  expect(missing).toEqual([]);
});
