// `archive` and `delete` are killed with SIGKILL at random moments and given again: a few times here; `npm run crash` does it often.
import { expect, test } from 'vitest';
import { stormed } from './storm/stormed.ts';

test('an archiving that is killed loses no run, and the same command completes it', async () => {
  const { counts, said } = await stormed('archive', 'sqlite', 2);
  expect(counts, said).toMatchObject({ kills: 2, lost: 0, torn: 0, broken: 0 });
});

test('a deletion that is killed leaves whole runs and every pinned one, and the same command completes it', async () => {
  const { counts, said } = await stormed('delete', 'sqlite', 2);
  expect(counts, said).toMatchObject({ kills: 2, lost: 0, torn: 0, broken: 0 });
});
