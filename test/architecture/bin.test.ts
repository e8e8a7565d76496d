import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';

function pretend(version: string, bin = 'bin/runlog.js', ...rest: string[]) {
  const preload = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return preloaded(preload, bin, ...rest);
}

function preloaded(preload: string, bin: string, ...rest: string[]) {
  const args = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, bin, ...rest];
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

describe('bin/runlog.js', () => {
  it.each(['18.20.8', '20.19.0', '22.17.1'])(
    'answers Node %s with one sentence and exit code 2',
    (version) => {
      const { status, stdout, stderr } = pretend(version);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^runlog needs Node 22\.18 or newer, found [\d.]+; install Node 24 .*\.\n$/);
      expect(stderr).toContain(version);
    },
  );

  it.each([
    "Object.assign(new Error('Cannot read package config'), { code: 'EMFILE' })",
    "new Error('Cannot read package config /app/package.json: too many open files.')",
    "new Error('ENFILE: file table overflow')",
  ])('tells of too many open files in a sentence: %s', (failure) => {
    const { status, stdout, stderr } = preloaded(
      `import module from 'node:module'; module.enableCompileCache = () => { throw ${failure}; }; module.syncBuiltinESMExports();`,
      'bin/runlog.js',
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^runlog could not start: there are too many open files; .*`ulimit -n 1024`.*\.\n$/,
    );
  });

  it('has no static import, which an old Node would resolve before it could speak', () => {
    const { importedFiles } = ts.preProcessFile(readFileSync('bin/runlog.js', 'utf8'));
    expect(importedFiles.map(({ fileName }) => fileName).filter((name) => !name.startsWith('node:'))).toEqual(
      [],
    );
    expect(readFileSync('bin/runlog.js', 'utf8')).not.toMatch(/^import\s/m);
  });
});

describe('bin/ao-migrate.js', () => {
  it.each(['18.20.8', '22.17.1'])(
    'answers Node %s with the refusal and the object of its contract',
    (version) => {
      const { status, stdout, stderr } = pretend(version, 'bin/ao-migrate.js', '--json');
      expect(status).toBe(1);
      expect(stdout).toBe(
        '{"dbCreated":false,"schemaVersion":0,"projects":{"created":0,"skipped":0,"failed":0},"orchestrators":{"created":0,"skipped":0,"failed":0,"relocatedTranscripts":0}}\n',
      );
      expect(stderr).toMatch(/^Migration refused \(BETTER_SQLITE3_UNAVAILABLE\): runlog needs Node 22\.18 /);
    },
  );

  it('answers an old Node without an object when none was asked for', () => {
    const { status, stdout } = pretend('20.19.0', 'bin/ao-migrate.js');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('has no static import', () => {
    expect(readFileSync('bin/ao-migrate.js', 'utf8')).not.toMatch(/^import\s/m);
  });
});
