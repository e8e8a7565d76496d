// The verb `test:promises`: the end-to-end, golden and conformance tests of the last released tag, unchanged, against the present
// sources and build. Before the first release there is no tag, and the present tests are those. With paths only these are run.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInherited } from './run-step.ts';

const projects = ['e2e', 'golden', 'conformance'].flatMap((name) => ['--project', name]);
/** What is not copied: the tests are those of the tag, and the rest is large, or says where the present ones stand. */
const left = new Set(['test', 'node_modules', '.git', '.tools', 'coverage']);

function lastRelease(): string | null {
  const tags = execFileSync('git', ['tag', '--list', 'v*', '--sort=-version:refname', '--merged'], {
    encoding: 'utf8',
  });
  return tags.split('\n').find((tag) => /^v\d+\.\d+\.\d+$/.test(tag)) ?? null;
}

async function tested(paths: readonly string[]): Promise<number> {
  return runInherited(['vitest', 'run', ...projects, ...paths]);
}

/** The tag's tests over the present everything else. */
async function runOld(tag: string, paths: readonly string[]): Promise<number> {
  const place = mkdtempSync(join(tmpdir(), 'runlog-promises-'));
  // Tests run the command as somebody else, too.
  chmodSync(place, 0o755);
  const archive = join(place, 'test.tar');
  try {
    execFileSync('git', ['archive', `--output=${archive}`, tag, 'test']);
    execFileSync('tar', ['-x', '-f', archive, '-C', place]);
    for (const name of readdirSync('.'))
      if (!left.has(name)) cpSync(name, join(place, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(place, 'node_modules'));
    process.chdir(place);
    return await tested(paths);
  } finally {
    process.chdir('/');
    rmSync(place, { recursive: true, force: true });
  }
}

const tag = lastRelease();
const paths = process.argv.slice(2);
process.stderr.write(`tests of ${tag ?? 'the present version, since none was released'}\n`);
process.exitCode = tag === null ? await tested(paths) : await runOld(tag, paths);
