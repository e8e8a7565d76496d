import { expect, test } from 'vitest';
import { InvalidStoreURL } from './invalid-store-url.ts';
import { parseStoreUrl } from './store-url.ts';

const postgres = { scheme: 'postgres', schema: 'runlog', durability: 'power' } as const;

test.each([
  ['postgres://u:p@h:5432/db', { url: 'postgres://u:p@h:5432/db' }],
  ['postgresql://h/db', { url: 'postgres://h/db' }],
  ['POSTGRES://h/db', { url: 'postgres://h/db' }],
  ['postgres:///db', { url: 'postgres:///db' }],
  ['postgres://h', { url: 'postgres://h/' }],
  ['postgres://u@[::1]:5433/db', { url: 'postgres://u@[::1]:5433/db' }],
  ['postgres://ü:p ä%40@h/Läufe 1', { url: 'postgres://%C3%BC:p%20%C3%A4%40@h/L%C3%A4ufe%201' }],
  ['postgres://h/db?schema=my%20runs', { url: 'postgres://h/db', schema: 'my runs' }],
  ['postgres://h/db?schema=Läufe', { url: 'postgres://h/db', schema: 'Läufe' }],
  ['postgres://h/db?durability=normal', { url: 'postgres://h/db', durability: 'process' }],
  ['postgres://h/db?durability=full&sslmode=require', { url: 'postgres://h/db?sslmode=require' }],
  ['postgres:///db?host=/var/run/postgresql', { url: 'postgres:///db?host=%2Fvar%2Frun%2Fpostgresql' }],
])('%s names a PostgreSQL store', (raw, expected) => {
  expect(parseStoreUrl(raw)).toEqual({ ...postgres, raw, ...expected });
});

test.each([
  ['postgres://', 'has no host or database'],
  ['postgres:db', 'has no host or database'],
  ['postgres://h/db?schema=', "unknown option 'schema='"],
  [`postgres://h/db?schema=${'x'.repeat(64)}`, 'unknown option'],
  ['postgres://h/db?durability=none', "unknown option 'durability=none'"],
  ['postgres://h/db?mode=ro', "unknown option 'mode'"],
  ['postgres://h:port/db', 'malformed'],
  ['postgres://u:secret@h:99999/x', "'99999' is no port"],
  ['postgres://h:0/x', "'0' is no port"],
  ['postgres:///x?port=65536', "'65536' is no port"],
  ['postgres://u:100%@h/db', 'broken percent escape'],
  ['mysql://u:secret@h/y', "unsupported store URL scheme 'mysql'"],
  ['C:\\x\\run.db', 'has no scheme'],
  ['run.db', 'has no scheme'],
])('%s is refused: %s', (raw, reason) => {
  expect(() => parseStoreUrl(raw)).toThrow(InvalidStoreURL);
  expect(() => parseStoreUrl(raw)).toThrow(reason);
});

test.each([
  'mysql://u:s3cret@h/y',
  'postgres://u:s3cret%@h/db',
  'postgres://u:s3cret@h:port/db',
  'postgres://u:s3cret@h:99999/db',
  'postgres://u:s3cret@h/db?mode=ro',
  'postgres://h/db?password=s3cret&mode=ro',
  'sqlite:///a.db?password=s3cret',
  'u:s3cret@h/db?password=s3cret',
])('the refusal of %s does not hold its password', (raw) => {
  try {
    parseStoreUrl(raw);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidStoreURL);
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  }
});
