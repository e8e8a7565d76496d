// What a caller without types hands in at the front doors is refused in our words, before anything is done.
import {
  behavior,
  InvalidArgumentType,
  llmBehavior,
  load,
  objectType,
  open,
  openStore,
  pack,
  relationBehavior,
  relationType,
  scriptedModel,
  tool,
} from '../../src/app/index.ts';
import { describe, expect, test } from 'vitest';

const junk: readonly unknown[] = [undefined, null, 5, 'text', true, [], Symbol('x')];
const named = (value: unknown): string => JSON.stringify(value) ?? typeof value;
const doors: Readonly<Record<string, (options: never) => unknown>> = {
  behavior,
  relationBehavior,
  llmBehavior,
  tool,
  pack,
  objectType,
  relationType,
  scriptedModel,
};

describe.each(Object.entries(doors))('%s', (name, door) => {
  test.each(junk.map((value) => [named(value), value]))('refuses %s', (_text, value) => {
    const call = (): unknown => Reflect.apply(door, null, [value]);
    expect(call).toThrow(InvalidArgumentType);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`${name} takes its options as an object`);
  });
});

const places: Readonly<Record<string, (place: never, options: never) => Promise<unknown>>> = { open, load };

describe.each(Object.entries(places))('%s', (_name, door) => {
  test.each([null, 5, true, {}, []].map((value) => [named(value), value]))(
    'refuses %s as the place of a run',
    async (_text, value) => {
      await expect(Reflect.apply(door, null, [value, {}])).rejects.toThrow(InvalidArgumentType);
    },
  );

  test.each([null, 5, 'text', []].map((value) => [named(value), value]))(
    'refuses %s as options',
    async (_text, value) => {
      await expect(Reflect.apply(door, null, ['memory:', value])).rejects.toThrow(InvalidArgumentType);
    },
  );
});

test('openStore refuses what is no text', async () => {
  for (const value of [undefined, null, 5, {}])
    await expect(Reflect.apply(openStore, null, [value])).rejects.toThrow(/URL/);
});
