import { expect, test } from 'vitest';
import { type ArgumentForm, checkArguments } from './argument-check.ts';
import { InvalidArgumentType } from './error-categories.ts';

const samples: readonly (readonly [ArgumentForm, unknown])[] = [
  ['text', ''],
  ['boolean', false],
  ['number', 0],
  ['list', []],
  ['iterable', new Set()],
  ['function', () => undefined],
  ['object', {}],
  ['with commit', { commit: () => undefined }],
];

/** What has another form as well. */
const fitsToo: Readonly<Record<string, readonly ArgumentForm[]>> = {
  object: ['with commit', 'iterable'],
  iterable: ['list'],
};

test.each(samples)('%s is what it says, and nothing else is', (form, sample) => {
  const takes = (value: unknown) => (): void => checkArguments('call', { part: [value, form] });
  expect(takes(sample)).not.toThrow();
  for (const [other, value] of samples) {
    if (other === form || (fitsToo[form] ?? []).includes(other)) continue;
    expect(takes(value)).toThrow(InvalidArgumentType);
  }
  for (const value of [undefined, null]) expect(takes(value)).toThrow(InvalidArgumentType);
});

test('one of several forms is enough', () => {
  expect(() => checkArguments('open', { place: ['x', 'text', 'with href'] })).not.toThrow();
});

test('the refusal names the call, the first argument that is wrong, what is wanted, and what was given', () => {
  const call = (): void => checkArguments('append', { store: [{}, 'with commit'], part: [3, 'object'] });
  expect(call).toThrow(
    'append takes `store` as an object with `commit`, and what was given is of type object',
  );
  expect(() => checkArguments('open', { place: [null, 'text', 'with href'] })).toThrow(
    'open takes `place` as a text or an object with `href`, and what was given is null',
  );
});

test('what is no number is called that', () => {
  expect(() => checkArguments('open', { timeoutMs: [Number.NaN, 'number'] })).toThrow(
    'open takes `timeoutMs` as a number, and what was given is NaN',
  );
});
