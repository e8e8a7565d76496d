/** Decides how a store is named: a URL whose scheme is the kind of store. The grammar is the table of the reference page on store URLs. */
import { shellWord } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import { decodePart, durabilityNamed, invalidStoreUrl, optionTwice, splitAt } from './invalid-store-url.ts';
import { type PostgresUrl, postgresUrl } from './postgres-url.ts';

/** What a store URL names. */
export type StoreUrl =
  | {
      readonly scheme: 'sqlite';
      readonly raw: string;
      readonly path: string;
      readonly durability: 'power' | 'process';
    }
  | PostgresUrl
  | { readonly scheme: 'memory'; readonly raw: string };

/**
 * Reads a store URL. Three slashes name a relative path, four an absolute one. Throws `InvalidStoreURL`, which spells out the
 * URL that was probably meant.
 */
export function parseStoreUrl(raw: string): StoreUrl {
  if (typeof raw !== 'string' || raw.trim() === '')
    throw invalidStoreUrl('', () => 'store URL is empty', 'Give one, such as sqlite:///run.db.');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(raw)?.[1]?.toLowerCase();
  if (scheme === undefined || isWindowsPath(raw)) {
    throw invalidStoreUrl(
      raw,
      (shown) => `store URL '${shown}' has no scheme`,
      `Write it as ${typedUrlOf(raw)}.`,
    );
  }
  const rest = raw.slice(scheme.length + 1);
  if (scheme === 'sqlite') return sqliteUrl(raw, rest);
  if (scheme === 'postgres' || scheme === 'postgresql') return postgresUrl(raw, rest);
  if (scheme === 'memory' && (rest === '' || rest === '//')) return { scheme: 'memory', raw };
  const known = 'sqlite:///relative.db, sqlite:////absolute/path.db, postgres://user@host/database, memory:';
  throw invalidStoreUrl(
    raw,
    (shown) => `unsupported store URL scheme '${scheme}' in '${shown}'`,
    `Supported are ${known}.${fileMeant(scheme, raw, rest)}`,
  );
}

/** A path may have a colon in it, and a URL of a file is one as other programs spell it. */
function fileMeant(scheme: string, raw: string, rest: string): string {
  if (scheme === 'file') return ` Write it as ${shellWord(sqliteUrlOf(rest.replace(/^\/\/(?=\/)/, '')))}.`;
  return rest.startsWith('//') ? '' : ` A file of this name is ${typedUrlOf(raw)}.`;
}

/** As a word of a shell. */
function typedUrlOf(path: string): string {
  return shellWord(sqliteUrlOfPath(withoutCredentials(path)));
}

/** The URL of a path that is spelled as in a URL. */
export function sqliteUrlOf(path: string): string {
  return `sqlite:///${path}`;
}

/** The URL of a path, which may hold what a URL would read otherwise. */
export function sqliteUrlOfPath(path: string): string {
  return sqliteUrlOf(path.replaceAll('%', '%25').replaceAll('?', '%3F').replaceAll('#', '%23'));
}

function sqliteUrl(raw: string, rest: string): StoreUrl {
  const [location, query] = splitAt(rest, '?');
  // sqlite:///p is relative, sqlite:////p absolute; sqlite:p and sqlite:/p are taken as written; a host is part of the path.
  const encoded = location.startsWith('///')
    ? location.slice(3)
    : location.startsWith('//')
      ? `/${location.slice(2)}`
      : location;
  const path = decodePart(raw, encoded);
  if (path === '' || path === '/' || path.includes('\0')) {
    throw invalidStoreUrl(
      raw,
      (shown) => `sqlite URL '${shown}' has no path`,
      'Name a file: sqlite:///run.db.',
    );
  }
  return { scheme: 'sqlite', raw, path, durability: durabilityOf(raw, query) };
}

function durabilityOf(raw: string, query: string): 'power' | 'process' {
  let durability: 'power' | 'process' | null = null;
  for (const [key, value] of new URLSearchParams(query)) {
    const named = key === 'durability' ? durabilityNamed(value) : null;
    if (named === null) {
      throw invalidStoreUrl(
        raw,
        (shown) =>
          `store URL '${shown}' has an unknown option '${withoutCredentials(`?${key}=${value}`).slice(1)}'`,
        'Options of sqlite URLs: ?durability=full (default) or ?durability=normal. A question mark in the name of a file is written %3F.',
      );
    }
    if (durability !== null) throw optionTwice(raw, key);
    durability = named;
  }
  return durability ?? 'power';
}

function isWindowsPath(raw: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(raw);
}
