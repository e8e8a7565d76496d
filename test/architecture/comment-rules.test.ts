import { describe, expect, it } from 'vitest';
import { checkComments, checkDoorHeaders, checkFileHeaders } from './comment-rules.ts';
import { plant } from './planted-house.ts';

describe('headers', () => {
  it.each([
    ['nothing', 'export const a = 1;'],
    ['a comment that comes later', "import './b.ts';\n// Decides how events are chained.\n"],
    ['a word', '// chain\nexport const a = 1;'],
    ['no sentence', '// the chain of all events\nexport const a = 1;'],
  ])('catches a file that begins with %s', (_case, text) => {
    expect(checkFileHeaders(plant({ 'src/log/a.ts': text }))).toHaveLength(1);
  });

  it.each([
    ['line comments', '// Decides how events\n// are chained.\nexport const a = 1;'],
    ['a block', '/** Decides how events are chained. */\nexport const a = 1;'],
    ['a shebang before it', '#!/usr/bin/env node\n// Decides how events are chained.\n'],
  ])('accepts %s', (_case, text) => {
    expect(checkFileHeaders(plant({ 'src/log/a.ts': text }))).toEqual([]);
  });

  it('catches a door without a paragraph', () => {
    const text = '// Decides how events are chained.\n';
    expect(checkDoorHeaders(plant({ 'src/log/index.ts': text }))).toHaveLength(1);
    expect(
      checkDoorHeaders(
        plant({ 'src/log/index.ts': `${text}// It knows no store and no database, and nothing of time.` }),
      ),
    ).toEqual([]);
  });
});

describe('comments', () => {
  it.each([
    '// TODO: later',
    '/* FIXME */',
    '/** @ts-ignore */',
    '// @ts-expect-error',
    '// eslint-disable-next-line no-console',
    '/* oxlint-disable */',
    '// biome-ignore lint: no',
    '// prettier-ignore',
    '/* v8 ignore next */',
  ])('catches %s wherever it stands', (comment) => {
    const line = `${comment}\n`;
    const places = [
      `${line}x();`,
      `x();\n${line}`,
      `f(\n${line}1);`,
      `const a = {\n${line}};`,
      `if (a) {\n x(); ${line}}`,
    ];
    for (const text of places) expect(checkComments(plant({ 'src/log/a.ts': text })), text).toHaveLength(1);
  });

  it('leaves texts alone', () => {
    expect(
      checkComments(plant({ 'src/log/a.ts': "const a = '// TODO';\nconst b = `// FIXME ${a} // TODO`;" })),
    ).toEqual([]);
  });
});
