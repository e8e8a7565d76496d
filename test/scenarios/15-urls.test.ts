// Scenario 15: the grammar of store URLs, for the stores in a file and in memory.
import { InvalidStoreURL, parseStoreUrl } from 'runlog';
import { expect, it } from 'vitest';

it.each([
  ['sqlite:///run.db', 'run.db'],
  ['sqlite:///./run.db', './run.db'],
  ['sqlite:////var/data/run.db', '/var/data/run.db'],
  ['sqlite:/var/data/run.db', '/var/data/run.db'],
  ['sqlite:run.db', 'run.db'],
  ['sqlite://host/p.db', '/host/p.db'],
  ['SQLITE:///r.db', 'r.db'],
])('%s is the file %s', (url, path) => {
  expect(parseStoreUrl(url)).toMatchObject({ scheme: 'sqlite', path, raw: url });
});

it.each([
  ['sqlite://', "sqlite URL 'sqlite://' has no path"],
  ['sqlite:///', "sqlite URL 'sqlite:///' has no path"],
  ['run.db', "store URL 'run.db' has no scheme"],
  ['/var/data/run.db', "store URL '/var/data/run.db' has no scheme"],
  ['', 'store URL is empty'],
  ['mysql://x/y', "unsupported store URL scheme 'mysql' in 'mysql://x/y'"],
  ['http://[::1', "unsupported store URL scheme 'http' in 'http://[::1'"],
])("'%s' is refused", (url, summary) => {
  expect(() => parseStoreUrl(url)).toThrow(InvalidStoreURL);
  expect(() => parseStoreUrl(url)).toThrow(summary);
});

it.each([
  ['run.db', 'sqlite:///run.db'],
  ['/var/data/run.db', 'sqlite:////var/data/run.db'],
])("the refusal of '%s' spells out %s", (url, meant) => {
  expect(() => parseStoreUrl(url)).toThrow(`Write it as ${meant}.`);
});

// ActiveGraph drops the query without a word, and takes C: for a scheme.
it('an option that is not known is refused, and so is a path of Windows', () => {
  expect(() => parseStoreUrl('sqlite:///a.db?mode=ro')).toThrow("unknown option 'mode=ro'");
  expect(() => parseStoreUrl('C:\\x\\run.db')).toThrow('has no scheme');
});
