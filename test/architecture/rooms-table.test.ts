import { describe, expect, it } from 'vitest';
import { checkRoomsTable, parseRoomsTable } from './rooms-table.ts';

const head = '| floor | room | decides | may import |\n|---|---|---|---|\n';

describe('the rooms table', () => {
  it('is read with its marks for types', () => {
    const rooms = parseRoomsTable(
      `${head}| 0 | \`base\` | a | - |\n| 2 | \`view\` | b | \`base\`, \`log\` (types) |\n\nmore`,
    );
    expect([...rooms.keys()]).toEqual(['base', 'view']);
    expect([...(rooms.get('view')?.mayImport ?? [])]).toEqual(['base']);
    expect([...(rooms.get('view')?.mayImportTypes ?? [])]).toEqual(['log']);
  });

  it.each([
    ['no table at all', '# Architecture', /no table/],
    ['a row it cannot read', `${head}| x | base | a | - |`, /not a row/],
    ['an import it cannot read', `${head}| 0 | \`base\` | a | everything |`, /cannot read 'everything'/],
    [
      'two rows for one room',
      `${head}| 0 | \`base\` | a | - |\n| 1 | \`base\` | a | - |`,
      /two rows for base/,
    ],
  ])('is refused with %s', (_case, markdown, message) => {
    expect(() => parseRoomsTable(markdown)).toThrow(message);
  });

  it.each([
    [
      'a folder without a row',
      '| 0 | `base` | a | - |',
      ['base', 'extra'],
      'src/extra has no row in the rooms table',
    ],
    [
      'a row without a folder',
      '| 0 | `base` | a | - |',
      [],
      'the rooms table has base, but src/base does not exist',
    ],
    [
      'an import of a room without a row',
      '| 1 | `log` | a | `base` |',
      ['log'],
      'log may import base, which has no row',
    ],
    [
      'an import of the same floor',
      '| 1 | `log` | a | - |\n| 1 | `graph` | a | `log` |',
      ['log', 'graph'],
      'graph may import log, which is not on a lower floor',
    ],
  ])('reports %s', (_case, rows, folders, violation) => {
    expect(checkRoomsTable(parseRoomsTable(head + rows), folders)).toEqual([violation]);
  });
});
