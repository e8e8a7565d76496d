/** Decides what SQLite's own check of a file means for a store: an index that can be made anew, or a file that is broken. */
import { DatabaseSync } from 'node:sqlite';
import type { Sha256 } from '../../../../base/index.ts';
import { type GroundFault, isDamage } from '../../../../log/index.ts';
import { SqliteConnection } from '../connection.ts';
import { storeMigrations } from '../layout/store-layout.ts';

/** More of them say nothing new. */
const messagesAtMost = 20;

/** What an index alone can be blamed for; its table is whole then, as far as this tells. */
const ofAnIndex =
  /^(row \d+ missing from index|wrong # of entries in index|non-unique entry in index|rowid not at end-of-record for row)/;

/** A tree is called by the page of its root. */
const ofATree = /^(?:Tree|On tree page) (\d+) /;

export interface Layout {
  readonly version: number;
  readonly sha256: Sha256;
}

/** Looks at every page and every index, which takes as long as reading the file. */
export function checkGround(connection: SqliteConnection, layout: Layout): readonly GroundFault[] {
  return [...checkLayout(connection, layout), ...checkPages(connection)];
}

const selectObjects =
  "SELECT type || ' ' || name, tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY rowid";

/** Each table and each index has to be declared as in a store that is made anew. */
function checkLayout(connection: SqliteConnection, { version, sha256 }: Layout): readonly GroundFault[] {
  const model = new SqliteConnection(new DatabaseSync(':memory:'), ':memory:');
  try {
    for (const migration of storeMigrations(sha256).filter((each) => each.version <= version))
      for (const statement of migration.up) model.exec(statement);
    const objectsOf = (place: SqliteConnection): ReadonlyMap<string, string> =>
      new Map(place.rows(selectObjects).map(([name, text]) => [String(name), String(text)]));
    const declared = objectsOf(connection);
    const ours = objectsOf(model);
    const differing = [...ours].filter(([name, text]) => declared.get(name) !== text);
    const foreign = [...declared.keys()].filter((name) => !ours.has(name));
    return [
      ...differing.map(([name]) => ({
        kind: 'file' as const,
        what: `The ${name} is not declared as in a store.`,
      })),
      ...foreign.slice(0, messagesAtMost).map((name) => ({
        kind: name.startsWith('trigger ') ? ('meddler' as const) : ('foreign' as const),
        what: `The ${name} belongs to no store.`,
      })),
    ];
  } finally {
    model.close();
  }
}

function checkPages(connection: SqliteConnection): readonly GroundFault[] {
  try {
    const roots = connection.rows("SELECT rootpage FROM sqlite_schema WHERE type = 'index'");
    const indexes = new Set(roots.map(([page]) => String(page)));
    const isOfIndex = (text: string): boolean =>
      ofAnIndex.test(text) || indexes.has(ofATree.exec(text)?.[1] ?? '');
    return connection
      .rows(`PRAGMA integrity_check(${messagesAtMost})`)
      .flatMap(([text]) => String(text).split('\n'))
      .filter((text) => text !== 'ok' && text.trim() !== '')
      .map((text) => ({ kind: isOfIndex(text) ? 'index' : 'file', what: `SQLite says: ${text}.` }));
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ kind: 'file', what: error.whatFailed }];
  }
}
