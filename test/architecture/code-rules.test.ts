import { describe, expect, it } from 'vitest';
import { checkNoAny, checkNoSkippedTests, checkPurity } from './code-rules.ts';
import { plant } from './planted-house.ts';

const impure = [
  "import { readFileSync } from 'node:fs';",
  "import type { Readable } from 'node:stream';",
  "import { join } from 'path';",
  "const a = () => import('node:fs');",
  'Date.now();',
  'const now = Date.now;',
  'new Date();',
  'new Date;',
  'Date();',
  'Math.random();',
  'performance.now();',
  'setTimeout(f, 1);',
  'setInterval(f, 1);',
  'queueMicrotask(f);',
  'process.env;',
  'console.log(1);',
  'const log = { console };',
  'crypto.randomUUID();',
  'globalThis.x;',
  "fetch('x');",
  'const a = { go: fetch };',
  "'a'.localeCompare('b');",
  '(1).toLocaleString();',
  'new Intl.NumberFormat();',
];

const pure = [
  'new Date(0);',
  "new Date('2026-01-01').toISOString();",
  'task.process();',
  'interface Task { process(): void; fetch: string; }',
  'const a = { console: 1, process() {} };',
  'class Queue { setTimeout() {} }',
  'function run(fetch: () => void) { fetch(); }',
  'function run({ crypto }: Ports) { crypto(); }',
  "const text = 'Date.now() process console';",
  '// Date.now() is not used here.',
];

describe('purity', () => {
  it.each(impure)('catches %s', (text) => {
    expect(checkPurity(plant({ 'src/log/a.ts': text }))).toHaveLength(1);
  });

  it.each(pure)('accepts %s', (text) => {
    expect(checkPurity(plant({ 'src/log/a.ts': text }))).toEqual([]);
  });

  it('does not judge tests, nor rooms that are not pure', () => {
    expect(
      checkPurity(plant({ 'src/log/a.test.ts': 'Date.now();', 'src/adapters/stores/a/b.ts': 'Date.now();' })),
    ).toEqual([]);
  });
});

describe('tests', () => {
  it.each([
    "it.skip('x', f);",
    "test.only('x', f);",
    "describe.todo('x');",
    "it.skipIf(true)('x', f);",
    "describe.runIf(a)('x', f);",
    "it.concurrent.only('x', f);",
    "it.each([1]).skip('x', f);",
    "it('x', (ctx) => { ctx.skip(); });",
    "xit('x', f);",
    "it.fails('x', f);",
  ])('catches %s', (text) => {
    expect(checkNoSkippedTests(plant({ 'src/log/a.test.ts': text }))).toHaveLength(1);
  });

  it('accepts pages that skip and sets that hold one thing only', () => {
    expect(
      checkNoSkippedTests(plant({ 'src/log/a.test.ts': 'page.skip(3); options.only; cursor.todo();' })),
    ).toEqual([]);
  });
});

describe('any', () => {
  it.each(['const a = b as any;', 'function f(a: any) {}', 'type A = Map<string, any>;'])(
    'catches %s',
    (text) => {
      expect(checkNoAny(plant({ 'src/log/a.test.ts': text }))).toHaveLength(1);
    },
  );
});
