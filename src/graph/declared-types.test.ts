/** Proves that a type of objects or relations is not declared with parts that could never hold. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidArgumentType } from '../base/index.ts';
import { objectType, relationType } from './declared-types.ts';

describe('a type of relations', () => {
  it.each([
    {},
    { name: 7 },
    { name: 'about', sourceTypes: 'claim' },
    { name: 'about', targetTypes: 'claim' },
    { name: 'about', description: 7 },
  ])('is refused with %j', (parts) => {
    expect(() => relationType(parts as never)).toThrow(InvalidArgumentType);
  });
});

describe('a type of objects', () => {
  it.each([{}, { name: 7 }, { name: 'claim', description: 7 }])('is refused with %j', (parts) => {
    expect(() => objectType({ schema: z.object({}), ...parts } as never)).toThrow(InvalidArgumentType);
  });
});
