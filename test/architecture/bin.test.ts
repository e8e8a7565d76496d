import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';

function pretend(version: string) {
  const preload = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, 'bin/runlog.js'];
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

  it('has no static import, which an old Node would resolve before it could speak', () => {
    const { importedFiles } = ts.preProcessFile(readFileSync('bin/runlog.js', 'utf8'));
    expect(importedFiles.map(({ fileName }) => fileName).filter((name) => !name.startsWith('node:'))).toEqual(
      [],
    );
    expect(readFileSync('bin/runlog.js', 'utf8')).not.toMatch(/^import\s/m);
  });
});
