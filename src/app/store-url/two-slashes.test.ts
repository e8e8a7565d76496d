import { expect, test } from 'vitest';
import { openSource } from '../migrate/open-source.ts';
import { openStore } from '../open-store.ts';
import { schemaStatus } from '../store-schema.ts';
import { doctor } from '../upkeep/doctor.ts';

const missing = 'not-there/books-of-nobody.db';

test.each([
  ['openStore', () => openStore(`sqlite://${missing}`, { mode: 'read' })],
  ['openStore, to make one', () => openStore(`sqlite://${missing}`)],
  ['doctor', () => doctor(`sqlite://${missing}`)],
  ['schemaStatus', () => schemaStatus(`sqlite://${missing}`)],
  ['the source of a migration', () => openSource(`SQLITE://${missing}`)],
])('%s names the URL with three slashes that was probably meant', async (_name, use) => {
  await expect(use()).rejects.toMatchObject({
    code: 'store-not-found-error',
    summary: `no store at '/${missing}'`,
    context: { meant: `sqlite:///${missing}` },
  });
  await expect(use()).rejects.toThrow(`Write a relative path with three slashes: 'sqlite:///${missing}'.`);
});

test.each(['sqlite:///not-there.db', 'sqlite:////not-there.db'])('of %s nothing is said', async (url) => {
  await expect(openStore(url, { mode: 'read' })).rejects.not.toThrow('slashes');
});
