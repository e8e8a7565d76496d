// The package as it is published: its types resolve, each door opens with and without what is optional, a line of the page of
// install lines brings what its feature needs, and nothing has grown beyond its budget.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installTable } from '../../scripts/registration-samples.ts';
import { readSubpaths } from '../../scripts/subpaths.ts';
import {
  installEverythingLine,
  installLine,
  type OptionalFeature,
  optionalFeatures,
} from '../../src/base/index.ts';
import { featurePrograms } from './feature-programs.ts';
import { manifestIn, PackedPackage } from './packed-package.ts';

const features = Object.entries<OptionalFeature>(optionalFeatures);
const optional = features.map(([, row]) => row.package);
const { include: pureFolders } = ts.parseConfigFileTextToJson(
  'tsconfig.pure.json',
  readFileSync('tsconfig.pure.json', 'utf8'),
).config as { include: readonly string[] };
const pureDoors = pureFolders
  .map((folder) => folder.replace(/^.*src\//, 'runlog/'))
  .filter((door) => readSubpaths().some(({ specifier }) => specifier === door));
const doors = readSubpaths().map(({ specifier }) => specifier);

let packed: PackedPackage;
let bare: string;

beforeAll(() => {
  packed = new PackedPackage();
  bare = packed.install('bare', []);
});
afterAll(() => packed.remove());

function run(project: string, program: string): Readonly<Record<string, unknown>> {
  writeFileSync(join(project, 'program.mjs'), program);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], {
    env: { PATH: process.env['PATH'] },
    cwd: project,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

describe('the packed package', () => {
  it('has types that resolve wherever modules do', async () => {
    const tarball = createPackageFromTarballData(new Uint8Array(readFileSync(packed.tarball)));
    const analysis = await checkPackage(tarball);
    // It has modules only: `require` of an old resolver is not among what it promises.
    const promised = analysis.types === false ? [] : analysis.problems;
    const problems = promised.filter(
      (problem) => !('resolutionKind' in problem) || !/^node10$|^node16-cjs$/.test(problem.resolutionKind),
    );
    expect(analysis.types).not.toBe(false);
    expect(problems).toEqual([]);
  });

  it('runs nothing when it is installed', () => {
    const scripts = Object.keys(manifestIn(bare).scripts ?? {});
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare|pack)/.test(name))).toEqual([]);
  });

  it('holds nothing but what is built, the commands, and texts', () => {
    const paths = packed.report.files.map(({ path }) => path);
    const strange = paths.filter(
      (path) => !/^(dist|bin|docs)\/|^(package\.json|[A-Z]+\.md|LICENSE)$/.test(path),
    );
    expect(strange).toEqual([]);
    expect(paths).toContain('docs/start.md');
  });

  it.each([
    ['nothing optional', []],
    ['everything optional', optional],
  ])('opens each door with %s', (name, packages) => {
    const project = packages.length === 0 ? bare : packed.install(name, packages);
    const lines = doors.map((door) => `names['${door}'] = Object.keys(await import('${door}')).length;`);
    const names = run(project, `const names = {};\n${lines.join('\n')}\nconsole.log(JSON.stringify(names));`);
    expect(Object.keys(names)).toEqual(doors);
    expect(Object.values(names).every((count) => Number(count) > 0)).toBe(true);
  });

  it('has types that stand without any optional package', () => {
    const file = join(bare, 'doors.mts');
    writeFileSync(file, doors.map((door, at) => `export * as door${at} from '${door}';`).join('\n'));
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2024,
      lib: ['lib.es2024.d.ts', 'lib.dom.d.ts'],
      skipDefaultLibCheck: true,
      strict: true,
      noEmit: true,
      types: [],
    });
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }) => /doors\.mts$|\/runlog\/dist\//.test(fileName));
    const inOurs = ours.flatMap((source) =>
      program
        .getSemanticDiagnostics(source)
        .map(
          ({ messageText }) =>
            `${basename(source.fileName)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
        ),
    );
    expect(ours.length).toBeGreaterThan(doors.length);
    expect(inOurs).toEqual([]);
  });
});

describe('a line that installs', () => {
  it('is there for each optional package, and for no other', () => {
    const { peerDependencies, peerDependenciesMeta } = manifestIn(bare);
    expect(Object.keys(peerDependencies).sort()).toEqual(optional.toSorted());
    expect(optional.filter((name) => peerDependenciesMeta[name]?.optional !== true)).toEqual([]);
  });

  it.each(features)('asks for %s in a version that the package takes and was tested with', (_name, row) => {
    const range = manifestIn(bare).peerDependencies[row.package] ?? '';
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const tested = lock.packages[`node_modules/${row.package}`]?.version ?? '';
    const [, major = ''] = /^\^(\d+)\./.exec(range) ?? [];
    expect(row.install).toBe(`${row.package}@${major}`);
    expect(tested.split('.')[0]).toBe(major);
  });

  it.each(['docs/guides/install.md', 'docs/errors/missing-optional-dependency.md'])(
    'stands in %s',
    (page) => {
      expect(readFileSync(page, 'utf8')).toContain(installTable());
    },
  );

  it('that brings everything stands in the README', () => {
    expect(readFileSync('README.md', 'utf8')).toContain(installEverythingLine());
  });

  it.each(features)('for %s makes the feature work, and the others say what they miss', (name, row) => {
    const project = packed.install(`only-${name}`, [row.package]);
    const told = run(project, featurePrograms);
    expect(told[name]).toBe('works');
    for (const [other, missing] of features.filter(([key]) => key !== name)) {
      expect(told[other]).toEqual({
        code: 'missing-optional-dependency',
        feature: missing.feature,
        package: missing.package,
        howToFix: `Install it: \`${installLine(missing)}\`.`,
      });
    }
  });
});

describe('the size of the package', () => {
  const budget = JSON.parse(readFileSync('test/package/size-budget.json', 'utf8')) as {
    packedBytes: number;
    unpackedBytes: number;
    files: number;
    importedBytes: Readonly<Record<string, number>>;
    importedPackages: Readonly<Record<string, readonly string[]>>;
  };

  it('is within its budget', () => {
    const { size, unpackedSize, files } = packed.report;
    expect(size).toBeLessThanOrEqual(budget.packedBytes);
    expect(unpackedSize).toBeLessThanOrEqual(budget.unpackedBytes);
    expect(files.length).toBeLessThanOrEqual(budget.files);
  });

  it.each(Object.entries(budget.importedBytes))('of what %s loads is within %i bytes', (door, bytes) => {
    const loaded = Array.from(loadedFiles(builtFile(door)).values());
    expect(loaded.reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(bytes);
  });

  // A library that few commands need is loaded by these: every one is waited for at the start of each command.
  it.each(Object.entries(budget.importedPackages))('%s loads of other packages %j', (door, packages) => {
    const loaded = Array.from(loadedFiles(builtFile(door)).values());
    const names = loaded.flatMap((text) => importsOf(text).filter((name) => !/^(?:\.|node:)/.test(name)));
    expect([...new Set(names)].sort()).toEqual(packages);
  });

  it.each(pureDoors)('%s loads nothing of Node, so that it runs wherever JavaScript does', (door) => {
    const loaded = Array.from(loadedFiles(builtFile(door)).values());
    expect(loaded.flatMap(importsOf).filter((name) => name.startsWith('node:'))).toEqual([]);
    expect(loaded.filter((text) => text.includes('globalThis.process'))).toEqual([]);
  });

  function builtFile(door: string): string {
    const output = readSubpaths().find(({ specifier }) => specifier === door)?.output ?? '';
    return resolve(`dist/${output}.js`);
  }

  function importsOf(text: string): readonly string[] {
    const imports = text.matchAll(/^(?:import|export) (?:[^'"]* from )?["']([^'"]+)["'];?$/gm);
    return Array.from(imports, ([, path = '']) => path);
  }

  /** All that a static import of a built file brings with it, by path; the file must be there. */
  function loadedFiles(file: string, seen = new Map<string, string>()): ReadonlyMap<string, string> {
    if (seen.has(file)) return seen;
    const text = readFileSync(file, 'utf8');
    seen.set(file, text);
    for (const path of importsOf(text))
      if (path.startsWith('.')) loadedFiles(join(dirname(file), path), seen);
    return seen;
  }
});
