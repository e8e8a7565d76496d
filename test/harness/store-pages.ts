/** Decides how tests change a SQLite file page by page, behind the back of SQLite. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const pageBytes = 4096;

/** Puts everything into the main file. */
export function checkpointed(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** The page at which a table or an index begins, from 1. */
export function rootPageOf(path: string, name: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
  database.close();
  return Number(row?.['rootpage']);
}

export function readPage(path: string, page: number): Buffer {
  return readFileSync(path).subarray((page - 1) * pageBytes, page * pageBytes);
}

export function writeAt(path: string, offset: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

export function writePage(path: string, page: number, bytes: Uint8Array): void {
  writeAt(path, (page - 1) * pageBytes, bytes);
}
