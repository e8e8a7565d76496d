/**
 * Decides which layout the rewrite's database has when this product makes one: version 12, as its source had it at one commit.
 * The two facts below, the twelve files and the list of facts are pinned together by a test.
 */
import type { Sha256 } from '../../../base/index.ts';
import { type Migration, parseMigrations } from '../../../schema/index.ts';
import { texts } from './schema.gen.ts';

/** Raised by a decision record only: whoever raises it says for which release the freeze questions were answered anew. */
export const aoSchema = { version: 12, source: '43ae7eb' } as const;

/** The files that make a new database. */
export function aoMigrations(sha256: Sha256): readonly Migration[] {
  const byName = Object.entries(texts).map(([path, text]) => [path.replace('schema/', ''), text] as const);
  return parseMigrations(Object.fromEntries(byName), sha256);
}
