import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import { untoldChanges } from '../../scripts/changeset-check.ts';

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-workshop-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the workshop', () => {
  it('lists in ./dev the verbs that package.json has', () => {
    const listed = execFileSync('./dev', { encoding: 'utf8' }).matchAll(/^ {2}([a-z:]+) {2}/gm);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Array.from(listed, ([, verb = '']) => verb).sort()).toEqual(Object.keys(scripts).sort());
  });

  it('refuses an unknown verb with exit code 2', () => {
    const { status, stderr } = spawnSync('./dev', ['quikstart'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain("there is no verb 'quikstart'");
  });

  it('pins every dependency to one version', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const ranges = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });
    expect(ranges.filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
  });

  it('lets tests use node:sqlite', () => {
    const database = new DatabaseSync(':memory:');
    expect(database.prepare('SELECT 1 AS one').get()).toEqual({ one: 1 });
    database.close();
  });
});

describe('the linter', () => {
  const samples: Readonly<Record<string, string>> = {
    'typescript(no-floating-promises)': 'export function f(g: () => Promise<void>): void {\n  g();\n}',
    'typescript(switch-exhaustiveness-check)':
      "export function f(k: 'a' | 'b'): void {\n  switch (k) {\n    case 'a':\n  }\n}",
    'typescript(no-explicit-any)': 'export const f = (x: any): unknown => x;',
    'typescript(no-non-null-assertion)': 'export const f = (x?: string): string => x!;',
    'typescript(consistent-type-imports)': "import { A } from './a.ts';\nexport const f = (x: A): A => x;",
    'typescript(TS2322)': 'export const f: string = 1;',
    'eslint(no-console)': 'export const f = (): void => console.log(1);',
    'import(no-default-export)': 'export default 1;',
  };

  it('catches what the house forbids', () => {
    const folder = scratchFolder();
    writeFileSync(
      join(folder, 'tsconfig.json'),
      '{ "compilerOptions": { "strict": true, "types": [], "noEmit": true } }',
    );
    writeFileSync(join(folder, 'a.ts'), 'export type A = string;\n');
    const rules = Object.keys(samples);
    rules.forEach((rule, at) => writeFileSync(join(folder, `sample-${at}.ts`), `${samples[rule]}\n`));
    const args = ['-c', resolve('.oxlintrc.json'), '--type-aware', '--format', 'unix', '.'];
    const { stdout } = spawnSync(resolve('node_modules/.bin/oxlint'), args, {
      cwd: folder,
      encoding: 'utf8',
    });
    for (const [at, rule] of rules.entries())
      expect(stdout, stdout).toMatch(new RegExp(`sample-${at}\\.ts:.*${escape(rule)}`));
  });

  function escape(text: string): string {
    return text.replaceAll(/[()]/g, '\\$&');
  }
});

describe('the pure compiler settings', () => {
  it.each([
    'console',
    'process',
    'setTimeout',
    'fetch',
    'crypto',
    'performance',
    'AbortSignal',
    'TextEncoder',
    'URL',
    'Buffer',
  ])('do not know %s', (name) => {
    expect(diagnose(`export const found = ${name};`)).toEqual([
      expect.stringContaining(`Cannot find name '${name}'`),
    ]);
  });

  it('know the libraries that pure rooms use, and these bring no platform along', () => {
    const text = `import { Big } from 'big.js';
import { parse } from 'smol-toml';
import { z } from 'zod';
export const known = [new Big('0.1').plus('0.2').toString(), parse('a = 1'), z.object({ a: z.string() }).parse({})];
export const found = process;`;
    expect(diagnose(text)).toEqual([expect.stringContaining("Cannot find name 'process'")]);
  });
});

/** Compiles one planted file under tsconfig.pure.json, without writing it to disk. */
function diagnose(text: string): string[] {
  const { config } = ts.readConfigFile('tsconfig.pure.json', (path) => readFileSync(path, 'utf8')) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  const path = resolve('src/base/planted.ts');
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.fileExists = (name) => name === path || onDisk.fileExists(name);
  host.getSourceFile = (name, languageVersion) =>
    name === path
      ? ts.createSourceFile(name, text, languageVersion)
      : onDisk.getSourceFile(name, languageVersion);
  const program = ts.createProgram({ rootNames: [path], options: { ...options, incremental: false }, host });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('a branch without a changeset', () => {
  it.each([
    ['src/log/event.ts', true],
    ['bin/runlog.js', true],
    ['src/log/event.test.ts', false],
    ['src/runtime/handler-types.test-d.ts', false],
    ['test/e2e/cli/help.test.ts', false],
    ['docs/start.md', false],
    ['.changeset/README.md', false],
  ])('that changes %s is told: %s', (path, isTold) => {
    expect(untoldChanges([path, 'CONTRIBUTING.md'])).toEqual(isTold ? [path] : []);
  });

  it('is told nothing when it has one', () => {
    expect(untoldChanges(['src/log/event.ts', '.changeset/brave-cats-sing.md'])).toEqual([]);
  });
});
