import { describe, expect, it } from 'vitest';
import { parseKeyValue } from './key-value.ts';
import { lifecycleOf } from './lifecycle.ts';
import { readYaml } from './read-yaml.ts';
import { decodedObject, textAt, valueAt, wordAt } from './values.ts';

describe('parseKeyValue', () => {
  it('splits at the first sign, and leaves comments out', () => {
    expect(
      parseKeyValue('# a comment\r\nsummary=key = value with = signs\nempty=\nno sign\n  # b=c\n'),
    ).toEqual({
      summary: 'key = value with = signs',
      empty: '',
    });
  });

  it('is nothing for a text without pairs', () => {
    expect(parseKeyValue('')).toBeNull();
    expect(parseKeyValue('{"a": 1}')).toBeNull();
  });

  it('takes a key that every object has as data', () => {
    expect(valueAt(parseKeyValue('__proto__=x') ?? {}, '__proto__')).toBe('x');
  });
});

describe('readYaml', () => {
  it('says in one line where a text is malformed', () => {
    const yaml = readYaml('a: [1\nb: 2');
    expect(yaml.state === 'malformed' && yaml.problem).toMatch(/^line \d+, column \d+: [^\n]+$/);
  });

  it('bears brackets without end, and aliases that grow', () => {
    expect(readYaml('['.repeat(100_000)).state).toBe('malformed');
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 12; level += 1)
      bomb.push(
        `k${level}: &k${level} [${Array(9)
          .fill(level === 1 ? '*a' : `*k${level - 1}`)
          .join()}]`,
      );
    expect(readYaml(bomb.join('\n')).state).toBe('malformed');
  });

  it('takes nothing from the prototype of a mapping', () => {
    const yaml = readYaml('__proto__: {path: /x}');
    expect(
      yaml.state === 'value' && textAt(Object(yaml.value) as Record<string, unknown>, 'path'),
    ).toBeNull();
  });
});

describe('values', () => {
  it('30: an object may be text, and text in text', () => {
    const object = { a: 1 };
    expect(decodedObject(object)).toEqual(object);
    expect(decodedObject(JSON.stringify(object))).toEqual(object);
    expect(decodedObject(JSON.stringify(JSON.stringify(object)))).toEqual(object);
    for (const value of ['{"a":', '[1]', '7', 7, null, undefined, [object]])
      expect(decodedObject(value)).toBeNull();
  });

  it('are clean: what a database or a path cannot hold is taken out', () => {
    expect(textAt({ a: 'x\u0000\ud800y' }, 'a')).toBe('x\ufffdy');
    expect(wordAt({ a: '  ' }, 'a')).toBeNull();
    expect(textAt({ a: 7 }, 'a')).toBeNull();
    expect(textAt({}, 'constructor')).toBeNull();
  });
});

describe('lifecycleOf', () => {
  const told = { session: { state: 'working' } };

  it('31: prefers the newest carrier, then the older one, then the status', () => {
    const older = { statePayload: '{"session":{"state":"stuck"}}', stateVersion: '2', status: 'needs_input' };
    expect(lifecycleOf({ lifecycle: told, ...older }, false).state).toBe('working');
    expect(lifecycleOf({ lifecycle: '{', ...older }, false).state).toBe('stuck');
    expect(lifecycleOf({ ...older, stateVersion: '1' }, false).state).toBe('needs_input');
    expect(lifecycleOf({}, false)).toMatchObject({ state: null, isTerminal: false });
  });

  it('an object that tells no state leaves the status out', () => {
    expect(lifecycleOf({ lifecycle: {}, status: 'killed' }, false)).toMatchObject({
      state: null,
      isTerminal: false,
    });
  });
});
