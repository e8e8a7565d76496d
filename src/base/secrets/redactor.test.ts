/** Proves what a redactor finds, in texts, in JSON values and in streams, and what it leaves alone. */
import { expect, test } from 'vitest';
import { InvalidRuntimeConfiguration } from '../error-categories.ts';
import { isJsonObject } from '../json.ts';
import { redactor, type Redactor } from './redactor.ts';
import { secretCategories } from './secret-patterns.ts';

const plain = redactor();
const named = redactor({ replacement: 'categorized' });
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0123456789';
const of = (count: number) => letters.slice(0, count);

/** What a stream lets out that gets the text letter by letter. */
function byCharacter(by: Redactor, text: string): string {
  const stream = by.stream();
  const out = text.split('').map((character) => stream.push(character));
  return out.join('') + stream.end();
}

const examples: readonly (readonly [category: string, secret: string])[] = [
  ['aws_access_key', 'AKIAIOSFODNN7EXAMPLE'],
  ['aws_secret_key', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG'],
  ['aws_secret_key', 'aws-secret-access-key: wJalrXUtnFEMI/K7MDENG'],
  ['gcp_api_key', `AIza${of(33)}_-`],
  ['anthropic_key', `sk-ant-api03-${of(26)}`],
  ['openai_key', `sk-proj-${of(20)}`],
  ['openai_legacy_key', `sk-${of(48)}`],
  ['github_pat', `ghp_${of(36)}`],
  ['github_oauth', `gho_${of(36)}`],
  ['github_app', `ghs_${of(36)}`],
  ['github_refresh', `ghr_${of(36)}`],
  ['github_fine_pat', `github_pat_${of(22)}`],
  ['gitlab_token', `glpat-${of(18)}_-`],
  ['jwt_token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r'],
  ['bearer_token', `Bearer ${of(20)}`],
  ['password', 'password: hunter2'],
  ['password', 'PASSWD=hunter2'],
  ['password', 'pwd = hunter2'],
  ['api_key_generic', 'api_key: x1'],
  ['api_key_generic', 'apikey=x1'],
  ['secret_key', 'secret-key: x1'],
  ['access_token', 'accessToken=x1'],
  ['auth_token', 'auth_token: x1'],
  ['connection_string', 'postgresql://user:pass@host/db'],
  ['connection_string', 'mongodb+srv://user:pass@host'],
  ['private_key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/=\nAbc\n-----END RSA PRIVATE KEY-----'],
  ['private_key', '-----BEGIN PRIVATE KEY-----\\nMIIEow\\n-----END PRIVATE KEY-----'],
  ['env_secret', 'SECRET_KEY_BASE=abc'],
  ['env_secret', 'DATABASE_URL=postgres://u:p@h/d'],
];

test('there is an example of every category', () => {
  expect(new Set(examples.map(([category]) => category))).toEqual(new Set(secretCategories));
});

test.each(examples)('%s is found: %s', (category, secret) => {
  expect(named.text(`before ${secret} after`)).toBe(`before [REDACTED:${category}] after`);
  expect(named.text(secret)).toBe(`[REDACTED:${category}]`);
});

test.each(examples)('%s is found at every seam of a stream: %s', (category, secret) => {
  const text = `before ${secret} after`;
  for (let cut = 0; cut <= text.length; cut += 1) {
    const stream = named.stream();
    const out = stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.end();
    expect(out).toBe(`before [REDACTED:${category}] after`);
  }
  expect(byCharacter(named, text)).toBe(`before [REDACTED:${category}] after`);
});

test('the sentence of the specification comes out as it says', () => {
  expect(named.text(`key sk-ant-api03-${of(26)} and password: hunter2`)).toBe(
    'key [REDACTED:anthropic_key] and [REDACTED:password]',
  );
});

test('what replaces a secret is a plain word unless asked otherwise', () => {
  expect(plain.text('password: hunter2')).toBe('[REDACTED]');
  expect(redactor({ replacement: '***' }).text('password: hunter2')).toBe('***');
});

test.each([
  'the password is checked twice',
  'risk-averse task-list',
  'sk-short',
  'AKIA is a prefix',
  'a bearer of news',
  'eyJ begins what is not a token',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  '"password":""',
  '"password": null, "pwd": true',
  'public_key: x',
])('%j is left alone', (text) => {
  expect(plain.text(text)).toBe(text);
  expect(byCharacter(plain, text)).toBe(text);
});

test.each([
  ['{"password":"x","a":1}', '{"password":"[REDACTED]","a":1}'],
  ['{"password": "a\\"b, c","a":1}', '{"password": "[REDACTED]","a":1}'],
  ['{"db_password" : 1234, "a":1}', '{"db_password" : "[REDACTED]", "a":1}'],
  ['{"pwd":["a","b"],"c":1}', '{"pwd":["[REDACTED]"],"c":1}'],
  ['{"password":{"type":"string"}}', '{"password":{"type":"string"}}'],
  ['{"a":"{\\"password\\":\\"x\\"}"}', '{"a":"{\\"password\\":\\"[REDACTED]\\"}"}'],
  [
    '{"a":"{\\"password\\":\\"x\\\\\\"y\\",\\"b\\":1}"}',
    '{"a":"{\\"password\\":\\"[REDACTED]\\",\\"b\\":1}"}',
  ],
])('JSON within a text stays JSON: %s', (text, expected) => {
  expect(plain.text(text)).toBe(expected);
  expect(byCharacter(plain, text)).toBe(expected);
  expect(() => {
    JSON.parse(expected);
  }).not.toThrow();
});

test('the value of a telling key is a secret, whatever it looks like', () => {
  const value = { password: 'x', nested: [{ api_key: 7, accessToken: ['a', 1] }], pwd: null, keep: 'x' };
  expect(plain.json(value)).toEqual({
    password: '[REDACTED]',
    nested: [{ api_key: '[REDACTED]', accessToken: ['[REDACTED]', '[REDACTED]'] }],
    pwd: null,
    keep: 'x',
  });
});

test('a secret in a key goes too, and no value is lost by it', () => {
  const [one, two] = [`ghp_${'a'.repeat(36)}`, `ghp_${'b'.repeat(36)}`];
  expect(plain.json({ [one]: 1, [two]: 2, '[REDACTED]#2': 3 })).toEqual({
    '[REDACTED]': 1,
    '[REDACTED]#3': 2,
    '[REDACTED]#2': 3,
  });
});

test('a value without secrets comes back as the same object', () => {
  const value = { a: ['b', { c: 1 }], d: null };
  expect(plain.json(value)).toBe(value);
});

test('a key called __proto__ stays data', () => {
  const value: unknown = JSON.parse('{"__proto__":{"a":"b"},"password":"x"}');
  if (!isJsonObject(value)) throw new Error('no object');
  const left = plain.object(value);
  expect(JSON.stringify(left)).toBe('{"__proto__":{"a":"b"},"password":"[REDACTED]"}');
});

test('redacting twice is redacting once', () => {
  for (const [, secret] of examples) {
    const once = named.text(`{"password":"x"} ${secret} tail`);
    expect(named.text(once)).toBe(once);
  }
});

test('every secret that was taken out is told of', () => {
  const heard: string[] = [];
  plain.json({ password: 'x', text: 'pwd=1 and api_key=2' }, (category) => heard.push(category));
  expect(heard).toEqual(['password', 'password', 'api_key_generic']);
});

test('patterns of one own are found beside the built-in ones, or alone', () => {
  const patterns = [
    { category: 'acme', prefix: 'acme_', minCharacters: 4 },
    { category: 'pin', name: 'pin~code' },
    { category: 'own', text: 's3cr3t"value' },
  ];
  const both = redactor({ patterns, replacement: 'categorized' });
  expect(both.text('acme_1234 PIN code: 1 s3cr3t"value pwd=x')).toBe(
    '[REDACTED:acme] [REDACTED:pin] [REDACTED:own] [REDACTED:password]',
  );
  expect(both.json({ pinCode: 7 })).toEqual({ pinCode: '[REDACTED:pin]' });
  expect(redactor({ patterns, replaceBuiltIn: true }).text('acme_1234 pwd=x')).toBe('[REDACTED] pwd=x');
});

test('a pattern that would find everything is refused', () => {
  expect(() => redactor({ patterns: [{ category: 'a', text: 'ab' }] })).toThrow(InvalidRuntimeConfiguration);
});

test('a stream goes back to where it stood', () => {
  const stream = plain.stream();
  stream.push('my pass');
  const mark = stream.mark();
  expect(stream.push('word: hunter2 on')).toBe('[REDACTED] on');
  stream.goBack(mark);
  expect(stream.push('age') + stream.end()).toBe('passage');
});

test('a stream holds back little, whatever comes', () => {
  for (const piece of ['eyJ', 'a', 'password', '-----', '\\', 'Bearer ', ' ', 'sk-ant-', '"']) {
    const stream = plain.stream();
    for (let index = 0; index < 5000; index += 1) {
      stream.push(piece);
      expect(stream.heldCharacters).toBeLessThan(2100);
    }
  }
});
