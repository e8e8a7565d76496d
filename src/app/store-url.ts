/** Decides how a store is named: a URL whose scheme is the kind of store. The grammar is the table of the reference page on store URLs. */
import { errorClass, type StructuredError, StorageError } from '../base/index.ts';

/** What a store URL names. */
export type StoreUrl =
  | {
      readonly scheme: 'sqlite';
      readonly raw: string;
      readonly path: string;
      readonly durability: 'power' | 'process';
    }
  | { readonly scheme: 'memory'; readonly raw: string };

export const InvalidStoreURL = errorClass(
  'InvalidStoreURL',
  StorageError,
  RangeError,
  'invalid-store-url-error',
);

/**
 * Reads a store URL. Three slashes name a relative path, four an absolute one. Throws `InvalidStoreURL`, which spells out the
 * URL that was probably meant.
 */
export function parseStoreUrl(raw: string): StoreUrl {
  if (typeof raw !== 'string' || raw.trim() === '')
    throw invalid(raw, 'store URL is empty', 'Give one, such as sqlite:///run.db.');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(raw)?.[1]?.toLowerCase();
  if (scheme === undefined || isWindowsPath(raw)) {
    throw invalid(raw, `store URL '${raw}' has no scheme`, `Write it as ${sqliteUrlOf(raw)}.`);
  }
  const rest = raw.slice(scheme.length + 1);
  if (scheme === 'sqlite') return sqliteUrl(raw, rest);
  if (scheme === 'memory' && (rest === '' || rest === '//')) return { scheme: 'memory', raw };
  const known = 'sqlite:///relative.db, sqlite:////absolute/path.db, memory:';
  throw invalid(
    raw,
    `unsupported store URL scheme '${scheme}' in '${withoutPassword(raw)}'`,
    `Supported are ${known}.`,
  );
}

/** The URL of a path, as a person would have to type it. */
export function sqliteUrlOf(path: string): string {
  return `sqlite:///${path}`;
}

function sqliteUrl(raw: string, rest: string): StoreUrl {
  const [location, query] = splitAt(rest, '?');
  // sqlite:///p is relative, sqlite:////p absolute; sqlite:p and sqlite:/p are taken as written; a host is part of the path.
  const encoded = location.startsWith('///')
    ? location.slice(3)
    : location.startsWith('//')
      ? `/${location.slice(2)}`
      : location;
  const path = decode(raw, encoded);
  if (path === '' || path === '/' || path.includes('\0')) {
    throw invalid(raw, `sqlite URL '${raw}' has no path`, 'Name a file: sqlite:///run.db.');
  }
  return { scheme: 'sqlite', raw, path, durability: durabilityOf(raw, query) };
}

function durabilityOf(raw: string, query: string): 'power' | 'process' {
  let durability: 'power' | 'process' = 'power';
  for (const [key, value] of new URLSearchParams(query)) {
    if (key !== 'durability' || !['full', 'normal'].includes(value)) {
      throw invalid(
        raw,
        `store URL '${raw}' has an unknown option '${key}=${value}'`,
        'Options of sqlite URLs: ?durability=full (default) or ?durability=normal.',
      );
    }
    durability = value === 'normal' ? 'process' : 'power';
  }
  return durability;
}

function decode(raw: string, encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw invalid(
      raw,
      `store URL '${raw}' has a broken percent escape`,
      'Write a percent sign as %25.',
      cause,
    );
  }
}

function splitAt(text: string, mark: string): [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function isWindowsPath(raw: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(raw);
}

function withoutPassword(raw: string): string {
  return raw.replace(/(\/\/[^/@:]*):[^/@]*@/, '$1:***@');
}

function invalid(raw: string, summary: string, howToFix: string, cause?: unknown): StructuredError {
  return new InvalidStoreURL({
    summary,
    whatFailed: `'${withoutPassword(raw)}' does not name a store.`,
    why: 'A store is opened exactly where its URL says; a guess could open, or create, another one.',
    howToFix,
    context: { url: withoutPassword(raw) },
    cause,
  });
}
