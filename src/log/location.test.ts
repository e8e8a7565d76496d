import { expect, test } from 'vitest';
import { withoutCredentials } from './location.ts';

test.each([
  ['postgres://user:secret@host:5432/db', 'postgres://user:***@host:5432/db'],
  ['postgres://user:se%63ret@host/db', 'postgres://user:***@host/db'],
  ['postgres://user:a/b?c#d@e:f@host/db', 'postgres://user:***@host/db'],
  ['postgres://:secret@host/db', 'postgres://:***@host/db'],
  ['postgres://host/db?user=u&password=secret', 'postgres://host/db?user=u&password=***'],
  ['postgres://host/db?PASSWORD=secret', 'postgres://host/db?PASSWORD=***'],
  ['postgres://host/db?p%61ssword=secret', 'postgres://host/db?p%61ssword=***'],
  ['postgres://host/db?api_token=secret', 'postgres://host/db?api_token=***'],
  ["host=h password='my secret' dbname=d", 'host=h password=*** dbname=d'],
  ['HTTP://u:p@h/', 'HTTP://u:***@h/'],
  ['user:secret@host/db', 'user:***@host/db'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutCredentials(url)).toBe(shown);
});

test.each([
  'postgres://user@host/db',
  'sqlite:///run.db',
  'run.db',
  '',
  'postgres://h/d?schema=key%20x',
  '/a:b/c',
])('%s holds no secret and is shown as it is', (url) => {
  expect(withoutCredentials(url)).toBe(url);
});
