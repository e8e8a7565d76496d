/**
 * Laws of redaction: no secret of any category survives, wherever it stands and however the text was cut; a stream says what
 * the whole text says; and no text, however nasty, takes more than its length.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonArray, isJsonObject, type JsonValue, redactor } from 'runlog/base';
import { cutInto, innocentText, plantedSecret, surroundedSecret } from './planted-secrets.ts';

const plain = redactor();

test('a secret of any category is gone from a text, whatever stands around it', () => {
  fc.assert(
    fc.property(surroundedSecret, ({ before, planted: { text, secret }, after }) => {
      expect(plain.text(`${before} ${text}\n${after}`)).not.toContain(secret);
    }),
    { numRuns: 2000 },
  );
});

test('a stream lets out what the whole text would give, however it was cut', () => {
  const piece = fc.oneof(
    innocentText,
    plantedSecret.map(({ text }) => text),
    fc.constantFrom(
      '"',
      '\\',
      ' ',
      '\n',
      ':',
      '=',
      'pass',
      'word',
      'eyJ',
      '.',
      '-----',
      'END ',
      'sk-',
      'Bearer',
    ),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.infiniteStream(fc.nat(12)),
      (text, sizes) => {
        const stream = plain.stream();
        const out = cutInto(text, sizes).map((part) => stream.push(part));
        expect(out.join('') + stream.end()).toBe(plain.text(text));
      },
    ),
    { numRuns: 3000 },
  );
});

test('a secret is gone from a JSON value, as a text, as a key and behind a telling key', () => {
  const withSecret = plantedSecret.chain(({ text, secret }) => {
    const isOther = (word: string): boolean => !word.includes(secret);
    return fc
      .letrec<{ value: JsonValue }>((tie) => ({
        value: fc.oneof(
          { maxDepth: 4 },
          fc.constant<JsonValue>(text),
          innocentText.filter(isOther).map((around): JsonValue => `${around} ${text}`),
          fc.array(tie('value'), { maxLength: 3 }),
          fc.dictionary(fc.oneof(fc.string().filter(isOther), fc.constant(text)), tie('value'), {
            maxKeys: 3,
          }),
        ),
      }))
      .value.map((value) => ({ value, secret }));
  });
  fc.assert(
    fc.property(withSecret, ({ value, secret }) => {
      for (const text of textsOf(plain.json(value))) expect(text).not.toContain(secret);
    }),
    { numRuns: 1000 },
  );
});

test('what is behind a telling key never stays', () => {
  const key = fc.constantFrom('password', 'apiKey', 'db_passwd', 'AUTH_TOKEN', 'secret-key', 'DATABASE_URL');
  fc.assert(
    fc.property(key, fc.string({ minLength: 12 }), (name, secret) => {
      expect(JSON.stringify(plain.json({ a: [{ [name]: secret }] }))).not.toContain(JSON.stringify(secret));
    }),
  );
});

// A search that went back over a text would need 10^12 steps here, and the test would not end.
test.each([
  'eyJ',
  'eyJa.',
  'eyJaaaaaaaaaa.eyJ',
  'password ',
  'password"',
  'password\\',
  'password: "',
  'password="\\',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----',
  '-----END ',
  'bearer ',
  'Bearer',
  'sk-',
  'sk-ant-',
  'AKIA',
  'postgres://',
  'api api_',
  ' ',
  '\\',
  'a',
])('a megabyte of %j ends', (unit) => {
  const text = unit.repeat(1_000_000 / unit.length);
  expect(plain.text(text).length).toBeLessThanOrEqual(2 * text.length);
  const stream = plain.stream();
  let out = '';
  for (let start = 0; start < 100_000; start += 7) out += stream.push(text.slice(start, start + 7));
  expect(out + stream.end()).toBe(plain.text(text.slice(0, 100_002)));
});

function textsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isJsonArray(value)) return value.flatMap(textsOf);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...textsOf(child)]);
}
