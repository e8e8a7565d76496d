/** Decides what SQLite's own check of a file means for a store: an index that can be made anew, or a file that is broken. */
import { type GroundFault, isDamage } from '../../../../log/index.ts';
import type { SqliteConnection } from '../connection.ts';

/** More of them say nothing new. */
const messagesAtMost = 20;

/** What an index alone can be blamed for; its table is whole then, as far as this tells. */
const ofAnIndex =
  /^(row \d+ missing from index|wrong # of entries in index|non-unique entry in index|rowid not at end-of-record for row)/;

/** A tree is called by the page of its root. */
const ofATree = /^(?:Tree|On tree page) (\d+) /;

/** Looks at every page and every index, which takes as long as reading the file. */
export function checkGround(connection: SqliteConnection): readonly GroundFault[] {
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
