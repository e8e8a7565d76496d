// The verb `test:promises`: the end-to-end, golden and conformance tests of the last released tag, unchanged, against the present
// sources and build. Before the first release there is no tag, and the present tests are those.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInherited } from './run-step.ts';

const projects = ['e2e', 'golden', 'conformance'].flatMap((name) => ['--project', name]);

function lastRelease(): string | null {
  const tags = execFileSync('git', ['tag', '--list', 'v*', '--sort=-version:refname', '--merged'], {
    encoding: 'utf8',
  });
  return tags.split('\n').find((tag) => /^v\d+\.\d+\.\d+$/.test(tag)) ?? null;
}

/** The tag's tests over the present everything else. */
async function runOld(tag: string): Promise<number> {
  const place = mkdtempSync(join(tmpdir(), 'runlog-promises-'));
  try {
    execFileSync('sh', ['-c', `git archive ${tag} | tar -x -C ${place} test`]);
    const present = ['src', 'bin', 'dist', 'docs', 'scripts', 'examples', 'package.json', 'tsconfig.json'];
    for (const name of [
      ...present,
      'vitest.config.ts',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      'SECURITY.md',
    ]) {
      cpSync(name, join(place, name), { recursive: true });
    }
    symlinkSync(resolve('node_modules'), join(place, 'node_modules'));
    process.chdir(place);
    return await runInherited(['vitest', 'run', ...projects]);
  } finally {
    process.chdir('/');
    rmSync(place, { recursive: true, force: true });
  }
}

const tag = lastRelease();
process.stderr.write(`tests of ${tag ?? 'the present version, since none was released'}\n`);
process.exitCode = tag === null ? await runInherited(['vitest', 'run', ...projects]) : await runOld(tag);
