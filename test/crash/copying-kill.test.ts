// `import` and `backup` are killed with SIGKILL at random moments and given again: a few times here; `npm run crash` does it often.
import { expect, test } from 'vitest';
import { stormed } from './storm/stormed.ts';

test('an import that is killed leaves whole runs, and the same command completes it', async () => {
  const { counts, said } = await stormed('import', 'sqlite', 2);
  expect(counts, said).toMatchObject({ kills: 2, lost: 0, torn: 0, broken: 0 });
});

test('a backup that is killed leaves none or a whole one, and the same command makes it', async () => {
  const { counts, said } = await stormed('backup', 'sqlite', 2);
  expect(counts, said).toMatchObject({ kills: 2, lost: 0, torn: 0, broken: 0 });
});
