/**
 * Decides how a PostgreSQL store is named: as `psql` takes it, with two options of our own. Parts may be percent-escaped or hold
 * blanks and letters of any script; the driver gets all of them escaped.
 */
import { withoutCredentials } from '../../log/index.ts';
import { decodePart, durabilityNamed, invalidStoreUrl, optionTwice, splitAt } from './invalid-store-url.ts';

export interface PostgresUrl {
  readonly scheme: 'postgres';
  readonly raw: string;
  /** For the driver: every part escaped, our own options taken out. It holds the password, if one was given. */
  readonly url: string;
  readonly schema: string;
  readonly durability: 'power' | 'process';
}

/** What is handed on to the driver as it is. */
const driverOptions = new Set([
  'host',
  'port',
  'user',
  'password',
  'application_name',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
]);

const example = 'postgres://user:password@host:5432/database';

/** `rest` is what stands behind the scheme. */
export function postgresUrl(raw: string, rest: string): PostgresUrl {
  const [place, query] = splitAt(rest, '?');
  const [authority, database] = splitAt(place.replace(/^\/\//, ''), '/');
  const options = optionsOf(raw, query);
  checkPort(raw, options.get('port'));
  if (!place.startsWith('//') || (authority === '' && database === '' && !options.has('host'))) {
    throw invalidStoreUrl(
      raw,
      (shown) => `postgres URL '${shown}' has no host or database`,
      `Write it as ${example}.`,
    );
  }
  const schema = options.get('schema') ?? 'runlog';
  const durability = durabilityNamed(options.get('durability'));
  if (durability === null) throw unknownOption(raw, `durability=${options.get('durability') ?? ''}`);
  if (schema === '' || new TextEncoder().encode(schema).length > 63 || schema.includes('\0')) {
    throw unknownOption(raw, `schema=${schema}`);
  }
  const passed = [...options].filter(([name]) => driverOptions.has(name));
  const parameters = passed.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const path = encodeURIComponent(decodePart(raw, database));
  const url = `postgres://${escapedAuthority(raw, authority)}/${path}${parameters === '' ? '' : `?${parameters}`}`;
  return { scheme: 'postgres', raw, url, schema, durability };
}

function optionsOf(raw: string, query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const parameter of query.split('&').filter((text) => text !== '')) {
    const [name, value] = splitAt(parameter, '=');
    const key = decodePart(raw, name);
    if (key !== 'schema' && key !== 'durability' && !driverOptions.has(key)) throw unknownOption(raw, key);
    if (options.has(key)) throw optionTwice(raw, key);
    options.set(key, decodePart(raw, value));
  }
  return options;
}

function escapedAuthority(raw: string, authority: string): string {
  const mark = authority.lastIndexOf('@');
  const address = authority.slice(mark + 1);
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(address) ?? [];
  if (host === '' && address !== '') {
    throw invalidStoreUrl(raw, (shown) => `store URL '${shown}' is malformed`, `Write it as ${example}.`);
  }
  checkPort(raw, port);
  const shownHost = host.startsWith('[') ? host : encodeURIComponent(decodePart(raw, host));
  const place = `${shownHost}${port === '' ? '' : `:${port}`}`;
  if (mark === -1) return place;
  const [user, password] = splitAt(authority.slice(0, mark), ':');
  const escaped = [user, password].map((part) => encodeURIComponent(decodePart(raw, part)));
  return `${escaped[0] ?? ''}${password === '' ? '' : `:${escaped[1] ?? ''}`}@${place}`;
}

/** Without one the driver takes its own. */
function checkPort(raw: string, port = ''): void {
  if (port === '' || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) return;
  throw invalidStoreUrl(
    raw,
    (shown) => `in the store URL '${shown}', '${withoutCredentials(port)}' is no port`,
    `A port is a number from 1 to 65535. Write it as ${example}.`,
  );
}

function unknownOption(raw: string, option: string): Error {
  return invalidStoreUrl(
    raw,
    (shown) => `store URL '${shown}' has an unknown option '${option}'`,
    'Options of postgres URLs: ?schema=NAME (runlog by default, at most 63 bytes), ?durability=full (default) or ' +
      `?durability=normal, and of the driver: ${[...driverOptions].join(', ')}.`,
  );
}
