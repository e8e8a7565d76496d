/** Proves the one text of a value, equality of values, and that keys stay data whatever they are called. */
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  canonicalJson,
  deepFreeze,
  defineKey,
  jsonEqual,
  type JsonObject,
  type JsonValue,
  mergeObjects,
} from './json.ts';

const anyJson = fc.jsonValue() as fc.Arbitrary<JsonValue>;

describe('canonical JSON', () => {
  it('sorts keys at every depth by code unit, and writes no white space', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: { '\ufffd': 1, '\u{1f600}': 2, Z: 3 } })).toBe(
      '{"a":{"Z":3,"\u{1f600}":2,"\ufffd":1},"b":[{"c":null,"d":1}]}',
    );
  });

  it('writes numbers as JavaScript does', () => {
    expect(canonicalJson([1, -0.5, 1e21, 1e-7, 100])).toBe('[1,-0.5,1e+21,1e-7,100]');
  });

  it('reads back as the same value, and is the same text for the same value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        const again = JSON.parse(text) as JsonValue;
        expect(jsonEqual(again, value)).toBe(true);
        expect(canonicalJson(again)).toBe(text);
      }),
    );
  });

  it('is equal for two values exactly when the values are', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (left, right) => {
        expect(jsonEqual(left, right)).toBe(canonicalJson(left) === canonicalJson(right));
      }),
    );
  });
});

test('a list is not an object, and nothing is not null in an object', () => {
  const unequal: readonly (readonly [JsonValue, JsonValue])[] = [
    [[], {}],
    [{ 0: 1 }, [1]],
    [{ a: null }, { b: null }],
    [{ a: null }, {}],
    [[null], []],
    [1, '1'],
    [0, false],
    [null, {}],
  ];
  for (const [left, right] of unequal) {
    expect(jsonEqual(left, right), canonicalJson([left, right])).toBe(false);
    expect(jsonEqual(right, left)).toBe(false);
  }
});

describe('a key called __proto__', () => {
  const parsed = JSON.parse('{"__proto__":{"admin":true},"a":1}') as JsonObject;

  it('is merged as data', () => {
    const merged = mergeObjects({ b: 2 }, parsed);
    expect(JSON.stringify(merged)).toBe('{"b":2,"__proto__":{"admin":true},"a":1}');
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(merged['admin']).toBeUndefined();
  });

  it('is overwritten as data', () => {
    const merged = mergeObjects(parsed, JSON.parse('{"__proto__":7}') as JsonObject);
    expect(JSON.stringify(merged)).toBe('{"__proto__":7,"a":1}');
  });

  it('is defined as data', () => {
    const target: Record<string, JsonValue> = {};
    defineKey(target, '__proto__', { admin: true });
    expect(Object.keys(target)).toEqual(['__proto__']);
  });
});

test('merging changes neither side', () => {
  const under = deepFreeze({ a: 1, b: { c: 1 } });
  const over = deepFreeze({ b: 2 });
  expect(mergeObjects(under, over)).toEqual({ a: 1, b: 2 });
});

test('a frozen value is frozen all the way down', () => {
  const value = deepFreeze({ a: [{ b: [1] }] });
  for (const part of [value, value.a, value.a[0], value.a[0]?.b]) expect(Object.isFrozen(part)).toBe(true);
});
