import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkNoAny, checkNoSkippedTests, checkPurity } from './code-rules.ts';
import { checkComments, checkDoorHeaders, checkFileHeaders } from './comment-rules.ts';
import type { House } from './house.ts';
import {
  checkAdapters,
  checkCycles,
  checkFrontDoors,
  checkImportTable,
  checkImportTargets,
  checkNoExportStar,
} from './import-rules.ts';
import { readHouse } from './read-house.ts';
import { checkRoomsTable } from './rooms-table.ts';
import { checkFileNames, checkFileSizes, checkFolderSizes, checkFunctionSizes } from './shape-rules.ts';

const claims: Readonly<Record<string, (house: House) => readonly string[]>> = {
  'a room imports only what the rooms table allows': checkImportTable,
  'a relative import names an existing file with its extension': checkImportTargets,
  'another unit is imported by its front door only': checkFrontDoors,
  'a door names what it exports': checkNoExportStar,
  'no file imports itself by way of others': checkCycles,
  'an adapter meets no other adapter and one library at most': checkAdapters,
  'a pure room touches no clock, chance, locale or platform': checkPurity,
  'no file is too long': checkFileSizes,
  'no function is too long': checkFunctionSizes,
  'no folder is too full': checkFolderSizes,
  'a file name says something, in kebab-case': checkFileNames,
  'a file begins with what it decides': checkFileHeaders,
  'a door begins with a paragraph about its room': checkDoorHeaders,
  'no comment promises work for later or switches a check off': checkComments,
  'no test is skipped or runs alone': checkNoSkippedTests,
  'nothing is typed as any': checkNoAny,
};

describe('the house is tidy', () => {
  const house = readHouse();

  it.each(Object.entries(claims))('%s', (_claim, check) => {
    expect(check(house)).toEqual([]);
  });

  it('the rooms table and the folders of src/ agree, and every import goes down', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const names = folders.map((folder) => folder.name);
    expect(checkRoomsTable(house.rooms, names)).toEqual([]);
  });
});
