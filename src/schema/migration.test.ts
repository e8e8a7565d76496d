/** Proves how files in goose's format are read: which statements they hold, and which files are refused at which line. */
import { describe, expect, it, test } from 'vitest';
import { MalformedMigrationError } from './errors.ts';
import { parseMigration, parseMigrations } from './migration.ts';

const lengthAsHash = (text: string): string => String(text.length);
const read = (text: string) => parseMigration('0001_first.sql', text, lengthAsHash);

describe('the statements of a file', () => {
  const files: readonly (readonly [string, string, readonly string[]])[] = [
    ['one in a line', '-- +goose Up\nCREATE TABLE a (b);\n', ['CREATE TABLE a (b);']],
    ['one in several lines', '-- +goose Up\nCREATE TABLE a (\n  b\n);', ['CREATE TABLE a (\n  b\n);']],
    ['several', '-- +goose Up\nA;\nB;\n\nC;', ['A;', 'B;', 'C;']],
    ['two in one line stay together', '-- +goose Up\nA; B;', ['A; B;']],
    ['a semicolon in the middle of a line ends nothing', "-- +goose Up\nA ';'\nB;", ["A ';'\nB;"]],
    ['a comment behind the semicolon', '-- +goose Up\nA; -- done;\nB;', ['A; -- done;', 'B;']],
    ['a semicolon in a comment ends nothing', '-- +goose Up\nA -- not yet;\nB;', ['A -- not yet;\nB;']],
    ['dashes in a quote are no comment', "-- +goose Up\nA '--;\n", ["A '--;"]],
    ['comments alone are none', '-- +goose Up\n-- what it is for\n\nA;\n-- the end\n', ['A;']],
    [
      'a block is one, semicolons and comments included',
      '-- +goose Up\n-- +goose StatementBegin\nBEGIN\n  -- why\n  A;\n  B;\nEND;\n-- +goose StatementEnd\nC;',
      ['BEGIN\n  -- why\n  A;\n  B;\nEND;', 'C;'],
    ],
    ['line ends of Windows', '-- +goose Up\r\nA;\r\nB;\r\n', ['A;', 'B;']],
    ['annotations with other spaces', '--   +goose   Up\nA;', ['A;']],
    ['none at all', '-- +goose Up\n', []],
  ];

  it.each(files)('%s', (_name, text, statements) => {
    expect(read(text).up).toEqual(statements);
  });

  it('of the way back stand apart', () => {
    const { up, down } = read('-- +goose Up\nA;\n-- +goose Down\nB;\nC;');
    expect({ up, down }).toEqual({ up: ['A;'], down: ['B;', 'C;'] });
  });
});

test('a file says that it wants no transaction', () => {
  expect(read('-- +goose NO TRANSACTION\n-- +goose Up\nA;').isTransactional).toBe(false);
  expect(read('-- +goose Up\nA;').isTransactional).toBe(true);
});

test('the checksum covers every character of the file', () => {
  expect(read('-- +goose Up\nA;').checksum).not.toBe(read('-- +goose Up\nA; ').checksum);
});

describe('a file is refused', () => {
  const files: readonly (readonly [string, number, string])[] = [
    ['without Up', 1, 'A;'],
    ['with Up twice', 3, '-- +goose Up\nA;\n-- +goose Up'],
    ['with Down before Up', 1, '-- +goose Down\nA;'],
    ['with Down twice', 3, '-- +goose Up\n-- +goose Down\n-- +goose Down'],
    ['with a statement before Up', 1, 'A;\n-- +goose Up'],
    ['with an annotation that nobody knows', 2, '-- +goose Up\n-- +goose ENVSUB ON\nA;'],
    ['with a block that does not end', 2, '-- +goose Up\n-- +goose StatementBegin\nA;'],
    ['with the end of a block that did not begin', 3, '-- +goose Up\nA;\n-- +goose StatementEnd'],
    ['with a block in a block', 3, '-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementBegin'],
    ['with a statement that runs into a block', 3, '-- +goose Up\nA\n-- +goose StatementBegin'],
    ['with a last statement that does not end', 2, '-- +goose Up\nA'],
  ];

  it.each(files)('%s', (_name, line, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ context: { file: '0001_first.sql', line } }));
  });

  it.each(['first.sql', '0000_zero.sql', '0001.sql', '0001_first.txt'])('under the name %s', (file) => {
    expect(() => parseMigration(file, '-- +goose Up\nA;', lengthAsHash)).toThrow(MalformedMigrationError);
  });

  it('when another one has its number', () => {
    const text = '-- +goose Up\nA;';
    expect(() => parseMigrations({ '1_a.sql': text, '0001_b.sql': text }, lengthAsHash)).toThrow(
      /1_a\.sql has the same number/,
    );
  });
});

test('files stand in the order of their numbers, not of their names', () => {
  const text = '-- +goose Up\nA;';
  const migrations = parseMigrations({ '10_j.sql': text, '9_i.sql': text }, lengthAsHash);
  expect(migrations.map(({ version }) => version)).toEqual([9, 10]);
});

test('a text is read when something of it is asked for', () => {
  const [wrong] = parseMigrations({ '1_a.sql': 'nothing of goose' }, lengthAsHash);
  expect(wrong?.version).toBe(1);
  expect(() => wrong?.up).toThrow(MalformedMigrationError);
});
