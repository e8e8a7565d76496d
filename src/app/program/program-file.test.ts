/** Proves that what is wrong with the parts of a program is told when its file is taken, whatever it is taken for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { isStructuredError } from '../../base/index.ts';
import { loadProgramFile } from './program-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlog-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  '{ behaviors: [null] }',
  '{ behaviors: [{}] }',
  '{ tools: [null] }',
  '{ tools: [{}] }',
  '{ types: [null] }',
  '{ upcasts: [5] }',
  '{ policies: [{}] }',
  '{ packs: [null] }',
  '{ packs: [{ pack: {} }] }',
  "{ packs: [{ kind: 'pack' }] }",
  '{ model: 5 }',
  '{ invoker: 5 }',
])('%s is told in words', async (text) => {
  const path = join(folder, `${text.replaceAll(/\W/g, '')}.mjs`);
  writeFileSync(path, `export default ${text};`);
  const refused: unknown = await loadProgramFile(path).catch((error: unknown) => error);
  expect(isStructuredError(refused) ? refused.code : refused).toMatch(/^invalid-/);
});
