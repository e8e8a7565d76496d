/**
 * Decides in which transaction a log comes from elsewhere, and by which of two ways: its rows taken from another file, or its pages
 * written one by one. Nothing of it is there when either ends with an error.
 */
import { pathToFileURL } from 'node:url';
import type { Head, LogCopy } from '../../../../log/index.ts';
import { whenFree } from '../busy-wait.ts';
import type { SqliteConnection } from '../connection.ts';
import { howToRead } from '../foreign-ground.ts';
import { type CopyContext, copyPages } from './copy-in.ts';
import { mayTakeRows, sourceName, takeRows } from './take-rows.ts';

export interface CopyPlace extends CopyContext {
  readonly busyTimeoutMs: number;
  /** The file of the store that the pages are read from; `null` when it is none that can be attached. */
  readonly from: string | null;
}

/** Its caller sees to it that nothing else is done with the connection meanwhile. */
export async function copyLog(connection: SqliteConnection, copy: LogCopy, place: CopyPlace): Promise<Head> {
  const taken = await inOneGo(connection, copy, place);
  if (taken !== null) return taken;
  return inTransaction(connection, place, () => copyPages(connection, copy, place));
}

async function inOneGo(connection: SqliteConnection, copy: LogCopy, place: CopyPlace): Promise<Head | null> {
  const { from } = place;
  const { origin } = copy;
  if (from === null || origin === undefined || !mayTakeRows(copy, origin)) return null;
  if (!attach(connection, from)) return null;
  try {
    return await inTransaction(connection, place, () => takeRows(connection, copy, origin, place));
  } finally {
    connection.exec(`DETACH ${sourceName}`);
  }
}

/** For reading. False when SQLite does not want to: then the pages are read, and whoever reads them says why they cannot be. */
function attach(connection: SqliteConnection, path: string): boolean {
  try {
    const url = pathToFileURL(path);
    url.search = howToRead(path);
    connection.run(`ATTACH ? AS ${sourceName}`, url.href);
    return true;
  } catch {
    return false;
  }
}

/** What gives `null` is undone. */
async function inTransaction<Result extends Head | null>(
  connection: SqliteConnection,
  { busyTimeoutMs, ownership }: CopyPlace,
  work: () => Promise<Result>,
): Promise<Result> {
  await whenFree(() => connection.run('BEGIN IMMEDIATE'), busyTimeoutMs);
  try {
    ownership.checkCompany();
    ownership.touch();
    const result = await work();
    if (result === null) connection.rollback();
    else connection.run('COMMIT');
    return result;
  } catch (error) {
    connection.rollback();
    throw error;
  }
}
