import { expect, test } from 'vitest';
import { isStructuredError, type StructuredError } from '../../base/index.ts';
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

test.each([
  ['run.db', 'sqlite:///run.db'],
  ['a#b.db', 'sqlite:///a%23b.db'],
  ['c?d.db', 'sqlite:///c%3Fd.db'],
  ['e%41.db', 'sqlite:///e%2541.db'],
  ['f g.db', "'sqlite:///f g.db'"],
  ['/var/a?b.db', 'sqlite:////var/a%3Fb.db'],
  ['h:i.db', 'sqlite:///h:i.db'],
  ['file:///var/run.db', 'sqlite:////var/run.db'],
  ['file:run.db', 'sqlite:///run.db'],
])('the refusal of the path %s spells out the URL of that file, as it is typed', (path, url) => {
  const refusal = refused(() => parseStoreUrl(path));
  expect(refusal.howToFix).toContain(`${url}.`);
});

test.each(['a#b.db', 'c?d.db', 'e%41.db', '/var/a?b.db', 'h:i.db'])(
  'the URL that is spelled out for the path %s names that file',
  (path) => {
    const [url = ''] = /sqlite:\/\/\/[^ ]+(?=\.$)/.exec(refused(() => parseStoreUrl(path)).howToFix) ?? [];
    expect(parseStoreUrl(url)).toMatchObject({ scheme: 'sqlite', path });
  },
);

test.each([
  ['sqlite:///run.db?durability=full&durability=normal', 'durability'],
  ['postgres://h/db?schema=a&schema=b', 'schema'],
  ['postgres://h/db?sslmode=require&durability=full&sslmode=disable', 'sslmode'],
])('%s is refused: an option is given once', (raw, option) => {
  expect(refused(() => parseStoreUrl(raw)).summary).toContain(`has the option '${option}' twice`);
});

test('an unknown option of a sqlite URL is refused with how a question mark of a name is written', () => {
  const refusal = refused(() => parseStoreUrl('sqlite:///c?d.db'));
  expect(refusal.summary).toContain("unknown option 'd.db='");
  expect(refusal.howToFix).toContain('written %3F');
});

function refused(work: () => unknown): StructuredError {
  try {
    work();
  } catch (error) {
    if (isStructuredError(error)) return error;
  }
  return expect.unreachable('it was taken');
}
