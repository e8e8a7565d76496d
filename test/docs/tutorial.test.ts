// The two pages that people follow line by line, followed so: what is printed is what the pages show.
import { expect, it, onTestFinished } from 'vitest';
import { Tutorial } from './tutorial.ts';
import { withoutVolatile } from './volatile.ts';

function emptyFolder(): Tutorial {
  const tutorial = new Tutorial();
  onTestFinished(() => tutorial.remove());
  return tutorial;
}

it('ten minutes, from an empty folder, print what the page shows', async () => {
  expect((await emptyFolder().follow('docs/start.md')).join('\n')).toBe('');
});

it('the runbook, from old stores, prints what the page shows', async () => {
  const tutorial = emptyFolder();
  tutorial.giveOldStores();
  expect((await tutorial.follow('docs/guides/upgrade-and-migrate.md')).join('\n')).toBe('');
});

it('only times and drawn ids may differ', () => {
  expect(withoutVolatile('2026-11-21T22:11:48Z 01M802QXZB2HR97AKGXPRGK5X5 172525e0d228 710')).toBe(
    'TIME ID 172525e0d228 710',
  );
});
