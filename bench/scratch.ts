// Where a benchmark keeps its files: a folder of its own, on the disk of the system, gone when it ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch {
  /** A path where nothing is yet. */
  readonly newFile: () => string;
  /** The URL of a SQLite store that is not there yet. */
  readonly newUrl: () => string;
}

export async function withScratch<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  let files = 0;
  const newFile = (): string => join(folder, `${(files += 1)}.db`);
  try {
    return await work({ newFile, newUrl: () => urlOf(newFile()) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function urlOf(path: string): string {
  return `sqlite:////${path.slice(1)}`;
}
