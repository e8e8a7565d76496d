import { describe, expect, it } from 'vitest';
import { clean, cleanJson, cleanLines, cleanPainted, cut, line, pad } from './printable.ts';

const hostile: readonly (readonly [name: string, text: string, shown: string])[] = [
  ['a colour', '\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['a window title', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
  ['a cursor movement by a C1 control', '\u009b2J', '\\x9b2J'],
  ['a carriage return over the line', 'safe\rgone', 'safe\\rgone'],
  ['a forged line', 'a\n[runtime.idle] b', 'a\\n[runtime.idle] b'],
  ['a backspace', 'ab\b\bcd', 'ab\\x08\\x08cd'],
  ['a NUL', 'a\0b', 'a\\x00b'],
  ['a delete', 'a\u007fb', 'a\\x7fb'],
  ['a right-to-left override', 'exe\u202etxt', 'exe\\u202etxt'],
  ['a directional isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['a line separator', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['an invisible space', 'a\u200bb\ufeffc', 'a\\u200bb\\ufeffc'],
  ['invisible tag letters', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
  ['a tab', 'a\tb', 'a\\tb'],
];

describe('clean', () => {
  it.each(hostile)('shows %s by its code', (_name, text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  it.each(hostile)('leaves %s as it is when it has been cleaned already', (_name, text) => {
    expect(clean(clean(text))).toBe(clean(text));
  });

  it('leaves the texts of people alone', () => {
    const texts = 'é ü 漢字 عربى हिन्दी 👩‍💻 €  "quotes" \\ back';
    expect(clean(texts)).toBe(texts);
  });
});

describe('cleanLines', () => {
  it('keeps line feeds and cleans the rest', () => {
    expect(cleanLines('a\nb\u001bc')).toBe('a\nb\\x1bc');
  });
});

describe('cleanPainted', () => {
  it('keeps colours, and no other sequence', () => {
    expect(cleanPainted('\u001b[31mred\u001b[39m\n\u001b[2J\u001b]0;x\u0007')).toBe(
      '\u001b[31mred\u001b[39m\n\\x1b[2J\\x1b]0;x\\x07',
    );
  });
});

describe('cleanJson', () => {
  it.each(hostile)('means the same with %s escaped', (_name, text) => {
    const json = JSON.stringify({ text }, null, 2);
    expect(JSON.parse(cleanJson(json))).toEqual({ text });
  });

  it.each(hostile)('holds no steering character of %s', (_name, text) => {
    expect(cleanJson(JSON.stringify({ text }, null, 2))).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('leaves the layout of the text alone', () => {
    expect(cleanJson('{\n  "a": 1\n}')).toBe('{\n  "a": 1\n}');
  });
});

describe('line', () => {
  it('cleans what is put in, and not what stands in the source', () => {
    expect(line`a ${'b\nc'} ${1}`).toBe('a b\\nc 1');
  });
});

describe('cut', () => {
  it('leaves what fits', () => {
    expect(cut('abc', 3)).toBe('abc');
  });

  it('says that something is missing', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
  });

  it('counts wide characters as two columns', () => {
    expect(cut('漢字漢字', 5)).toBe('漢字…');
  });

  it('never halves a pair of surrogates', () => {
    expect(cut('👍👍👍', 4)).toBe('👍…');
  });

  it('cleans before it measures', () => {
    expect(cut('\u001b[31m', 20)).toBe('\\x1b[31m');
  });
});

describe('pad', () => {
  it('fills up by columns', () => {
    expect(pad('漢', 4)).toBe('漢  ');
  });

  it('leaves longer texts whole', () => {
    expect(pad('abcdef', 4)).toBe('abcdef');
  });
});
