import { describe, expect, it } from 'vitest';
import { NonSerializableEventError } from './errors.ts';
import { intake } from './intake.ts';

const thrower = (): never => {
  throw new Error('mine');
};

describe('a value that throws when it is read', () => {
  it.each([
    ['a getter', Object.defineProperty({}, 'x', { enumerable: true, get: thrower })],
    ['a form of its own', { a: { toJSON: thrower } }],
    ['a proxy', new Proxy({}, { ownKeys: thrower })],
    ['a prototype', new Proxy({}, { getPrototypeOf: thrower })],
  ])('%s is refused with a code, and says what was thrown', (_, value) => {
    expect(() => intake({ value })).toThrow(NonSerializableEventError);
    expect(() => intake({ value })).toThrow('mine');
  });
});

it('a name like __proto__ is a name, and nothing else', () => {
  const { value, text } = intake(JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}'));
  expect(text).toBe('{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}');
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Reflect.get({}, 'x')).toBeUndefined();
});
