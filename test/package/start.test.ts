// What the built command line loads before it answers: by the files that are loaded and the sources they are made of, not by time.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/app/index.ts';

const bin = resolve('bin/runlog.js');
/** Tells of each module as it is loaded: https://nodejs.org/api/module.html */
const hook = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process._rawDebug('loads ' + url); return next(url, context); } });`;

let folder: string;
let store: string;
let inspected: Loaded;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-start-'));
  store = join(folder, 'run.db');
  const opened = await openStore(`sqlite:///${store}`);
  await opened.create({ id: 'run', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  await opened.close();
  inspected = loadedBy('inspect', `sqlite:///${store}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Loaded {
  readonly files: readonly string[];
  /** `src/log/port.ts`, of all that is in the files. */
  readonly sources: readonly string[];
  readonly packages: readonly string[];
  readonly builtins: readonly string[];
}

function loadedBy(...args: readonly string[]): Loaded {
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, bin, ...args], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const urls = Array.from(stderr.matchAll(/^loads (.*)$/gm), ([, url = '']) => url);
  const files = urls.filter((url) => url.includes('/dist/') && !url.includes('/node_modules/'));
  return {
    files,
    sources: files.flatMap(sourcesOf),
    packages: [
      ...new Set(urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])),
    ],
    builtins: urls.filter((url) => url.startsWith('node:')),
  };
}

function sourcesOf(url: string): readonly string[] {
  const map = `${new URL(url).pathname}.map`;
  // A file that only hands on names has none.
  if (!existsSync(map)) return [];
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] };
  return sources.map((source) => source.replace(/^(?:\.\.\/)+/, ''));
}

const budget = JSON.parse(readFileSync('test/package/size-budget.json', 'utf8')) as {
  started: Readonly<Record<string, { files: number; bytes: number }>>;
};

function bytesOf({ files }: Loaded): number {
  return files.reduce((sum, url) => sum + readFileSync(new URL(url)).length, 0);
}

describe.each([['--version'], ['--help'], ['inspect']])('runlog %s', (first) => {
  it('loads no more than its budget', () => {
    const loaded = first === 'inspect' ? inspected : loadedBy(first);
    expect(loaded.files.length).toBeLessThanOrEqual(budget.started[first]?.files ?? 0);
    expect(bytesOf(loaded)).toBeLessThanOrEqual(budget.started[first]?.bytes ?? 0);
  });
});

it.each(['--version', '--help'])('runlog %s loads nothing of a command', (option) => {
  const { sources, packages, builtins } = loadedBy(option);
  expect(sources.filter((source) => !/^src\/(?:base|cli|host)\//.test(source))).toEqual([]);
  expect(packages).toEqual([]);
  expect(builtins).toEqual([]);
});

describe('runlog inspect', () => {
  // What writes, drives, moves and proves is loaded by the commands that do so; of the adapters, by the URL.
  it.each([
    'src/conformance/',
    'src/packs/diligence/',
    'src/runtime/loop.ts',
    'src/runtime/invocation/',
    'src/app/kit/',
    'src/app/migrate/',
    'src/app/replay/',
    'src/adapters/agents/',
    'src/adapters/models/',
    'src/adapters/artifacts/',
    'src/adapters/stores/postgres/',
    'src/log/memory/memory-',
  ])('loads nothing of %s', (place) => {
    expect(globSync(`${place}*`)).not.toEqual([]);
    expect(inspected.sources.filter((source) => source.startsWith(place))).toEqual([]);
  });

  it('loads nothing of Node that a network or another process needs', () => {
    const dear = [
      'node:child_process',
      'node:http',
      'node:net',
      'node:tls',
      'node:worker_threads',
      'node:zlib',
    ];
    expect(inspected.builtins.filter((name) => dear.includes(name))).toEqual([]);
  });

  it('loads of other packages what counts money, and not the library that reads what is not plain', () => {
    expect(inspected.packages).toEqual(['big.js']);
  });
});
