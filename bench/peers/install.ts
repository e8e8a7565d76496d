// How the packages of peers come here: by npm, once, into a folder that is not the product's. Their own install scripts do not run, but
// for the one that compiles the SQLite driver of Emmett; when that fails, Emmett on SQLite has no figures, and the others have.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process, { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const modules = join(folder, 'node_modules');
const marker = join(modules, '.installed.json');
const driver = join(modules, 'sqlite3/build/Release/node_sqlite3.node');

/** Throws, with what npm said. */
export function installPeers(): void {
  const wanted = readFileSync(join(folder, 'package.json'), 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  npm(['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']);
  writeFileSync(marker, wanted);
}

/** Says why there is no driver, or nothing. */
export function missingSqliteDriver(): string | null {
  if (existsSync(driver)) return null;
  try {
    npm(['rebuild', 'sqlite3', '--foreground-scripts']);
  } catch (error) {
    return `sqlite3 5.1.7 could not be compiled here: ${lastLine(error)}`;
  }
  return existsSync(driver) ? null : 'sqlite3 5.1.7 was not compiled: npm ran no script of it';
}

function npm(args: readonly string[]): void {
  // A Node that came as a package brings its headers with it.
  const nodedir = join(dirname(execPath), '..');
  const headers = existsSync(join(nodedir, 'include/node')) ? { npm_config_nodedir: nodedir } : {};
  const { status, stderr, error } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 2, 'pipe'],
    env: { ...process.env, ...headers },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed: ${stderr}`);
}

export function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
