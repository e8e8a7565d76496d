// The verb `changeset:check`: tells a branch that changes what a user gets and brings no changeset. The argument is what it is compared
// with, `origin/main` without it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What is in the package, or decides what is. Tests, documents and the workshop are not. */
const shipped = /^(?:src\/(?!.*\.test(?:-d)?\.ts$)|bin\/)/;
const changeset = /^\.changeset\/(?!README\.md$)[^/]+\.md$/;

/** The shipped files among the changed ones, when none of those is a changeset. */
export function untoldChanges(changed: readonly string[]): readonly string[] {
  return changed.some((path) => changeset.test(path)) ? [] : changed.filter((path) => shipped.test(path));
}

function changedSince(base: string): readonly string[] {
  const range = [`${base}...HEAD`, '--name-only', '--no-renames'];
  const lines = execFileSync('git', ['diff', ...range], { encoding: 'utf8' });
  return lines.split('\n').filter((line) => line !== '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , base = 'origin/main'] = process.argv;
  const untold = untoldChanges(changedSince(base));
  if (untold.length > 0) {
    const shown = untold.slice(0, 5).join(', ');
    process.stderr.write(
      `no changeset: ${untold.length} files of the package differ from ${base} (${shown}${untold.length > 5 ? ', …' : ''}).\n` +
        'Run `npx changeset` and commit the file that it makes; `npx changeset --empty` when no user can notice the change.\n',
    );
    process.exitCode = 1;
  }
}
