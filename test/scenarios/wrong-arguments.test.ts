// What a caller without types hands in at the front doors is refused in our words, before anything is done.
import {
  behavior,
  InvalidArgumentType,
  isStructuredError,
  llmBehavior,
  load,
  objectType,
  open,
  openSessionManager,
  openSessionStore,
  openStore,
  pack,
  relationBehavior,
  relationType,
  scriptedModel,
  tool,
} from '../../src/app/index.ts';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { scriptedAgent } from '../../src/sessions/index.ts';

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

/** What is wrong with a run in itself, wherever it is kept. */
const wrongRuns: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['a label that is a number', { label: 7 }],
  ['a label that is too long', { label: 'x'.repeat(1025) }],
  ['half a character in its label', { label: '\ud800' }],
  ['no id', { runId: '' }],
  ['an id that is too long', { runId: 'x'.repeat(257) }],
  ['a number for a seed', { seed: 'x' }],
  ...['behaviors', 'tools', 'types', 'policies', 'packs', 'upcasts'].map(
    (list) => [`one thing for its ${list}`, { [list]: 4 }] as const,
  ),
  ...['behaviors', 'tools', 'types', 'policies', 'upcasts', 'packs'].flatMap((list) =>
    [null, 5].map((value) => [`${named(value)} among its ${list}`, { [list]: [value] }] as const),
  ),
  ...['model', 'metrics', 'logger', 'tracing', 'frame', 'budget', 'clock', 'snapshots'].flatMap((part) =>
    [null, 5].map((value) => [`${named(value)} for its ${part}`, { [part]: value }] as const),
  ),
  ['a number for its invoker', { invoker: 5 }],
  ['a policy that is empty', { policies: [{}] }],
  ['a word for whether it goes on without what is missing', { withoutMissing: 'yes' }],
];

test('a file URL with a broken escape is refused', async () => {
  const refused: unknown = await open(new URL('file:///%E9')).catch((error: unknown) => error);
  expect(isStructuredError(refused) && refused.code).toBe('invalid-store-url-error');
});

test.each(wrongRuns)('a run with %s is refused before a store is opened for it', async (_text, options) => {
  // No store can be opened there.
  const target = 'sqlite:////nowhere/at/all/runs.db';
  for (const door of [open, load]) {
    const refused: unknown = await Reflect.apply(door, null, [target, { runId: 'r', ...options }]).catch(
      (error: unknown) => error,
    );
    expect(isStructuredError(refused) ? refused.code : refused).toMatch(
      /^invalid-(argument-type|event-error|runtime-configuration|tool-registration)$/,
    );
  }
});

test('openStore refuses what is no text', async () => {
  for (const value of [undefined, null, 5, {}])
    await expect(Reflect.apply(openStore, null, [value])).rejects.toThrow(/URL/);
});

const agent = scriptedAgent({
  newCanceller: () => new AbortController(),
  play: async () => ({ output: {}, tokenUsage: {} }),
});
/** Made anew for each call: some of them close what they are called on. */
const openHandles: Readonly<Record<string, () => Promise<object>>> = {
  'a run': async () => open(),
  'a store of sessions': async () => openSessionStore('memory:'),
  'a manager of sessions': async () => openSessionManager(await openSessionStore('memory:'), agent),
};
const given: readonly unknown[] = [undefined, null, 3, 'x', {}, [], () => undefined];

function methodsOf(handle: object): readonly string[] {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(handle));
  const isMethod = (name: string): boolean =>
    typeof Object.getOwnPropertyDescriptor(Object.getPrototypeOf(handle), name)?.value === 'function';
  return names.filter((name) => name !== 'constructor' && isMethod(name));
}

/** What is no error of the catalogue, in words. */
async function plainError(handle: object, name: string, args: readonly unknown[]): Promise<string | null> {
  try {
    const method: unknown = Reflect.get(handle, name);
    const result: unknown = typeof method === 'function' ? Reflect.apply(method, handle, args) : undefined;
    // Who follows something waits for ever; its arguments are looked at by then.
    await Promise.race([result, setTimeout(50, undefined, { ref: false })]);
    return null;
  } catch (error) {
    return isStructuredError(error) ? null : `${name}(${args.map(named).join(', ')}): ${inspect(error)}`;
  }
}

test.each(Object.entries(openHandles))(
  'every method of %s refuses what it does not take',
  async (_what, made) => {
    const names = methodsOf(await made());
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const handle = await made();
      for (const value of given)
        for (const args of [[value], ['x', value]]) expect(await plainError(handle, name, args)).toBeNull();
    }
  },
);
