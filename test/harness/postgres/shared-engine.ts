// Decides how a test gets PGlite, the second engine of the PostgreSQL store: one for all files of a worker, on the files that an
// earlier engine of this version began with. To make these takes four seconds of a processor, to read them less than one.
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import { PGlite } from '@electric-sql/pglite';

/** Named after all that says which version is installed. */
function keptFiles(): string {
  const manifest = readFileSync('node_modules/@electric-sql/pglite/package.json');
  return `node_modules/.cache/pglite-${hash('sha256', manifest).slice(0, 16)}.tar`;
}

let engine: Promise<PGlite> | null = null;

/** It ends with the worker. Whoever uses it has a schema of its own, and leaves no connection open. */
export function sharedEngine(): Promise<PGlite> {
  engine ??= startEngine();
  return engine;
}

async function startEngine(): Promise<PGlite> {
  const kept = keptFiles();
  if (existsSync(kept)) return PGlite.create({ loadDataDir: new Blob([readFileSync(kept)]) });
  const first = await PGlite.create();
  const files = await first.dumpDataDir('none');
  mkdirSync(dirname(kept), { recursive: true });
  // Several workers may do this at once, and none may read half of it.
  const half = `${kept}.${pid}`;
  writeFileSync(half, Buffer.from(await files.arrayBuffer()));
  renameSync(half, kept);
  return first;
}
