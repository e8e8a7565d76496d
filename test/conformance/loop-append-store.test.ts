// The store that appends in a loop keeps every promise but the one that it does not make, and refuses what would need it.
import { describe, expect, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { open, load } from '../../src/app/index.ts';
import { AtomicCommitUnsupportedError } from '../../src/log/index.ts';
import { sampleEvents, sampleLog } from '../../src/conformance/store/sample-log.ts';
import { loopPlaces } from './loop-places.ts';
import { sha256 } from './memory-places.ts';

describe('loop-append store', () => {
  const maker = loopPlaces();
  test.each(allStoreCases)('$id', async (storeCase) => {
    const kind = await runStoreCase(storeCase, maker, sha256);
    expect(kind).toBe(storeCase.needs?.promise === 'atomicCommit' ? 'refusal' : 'promise');
  });
});

test('no run is kept in it, and nothing is made on the way to the refusal', async () => {
  const place = await loopPlaces().make();
  const store = await place.open();
  await expect(open(store, { runId: 'a' })).rejects.toBeInstanceOf(AtomicCommitUnsupportedError);
  expect(await store.logs()).toEqual([]);
  await store.create(sampleLog('a'));
  await expect(load(store, { runId: 'a' })).rejects.toBeInstanceOf(AtomicCommitUnsupportedError);
  expect((await store.info('a'))?.epoch).toBe(0);
  await place.destroy();
});

test('a commit that another writer gets into leaves its beginning, and says that it was not whole', async () => {
  const place = await loopPlaces().make();
  const [store, other] = [await place.open(), await place.otherHandle()];
  await store.create(sampleLog('a'));
  const batch = sampleEvents(1, 5);
  const late = sampleEvents(3, 1, { id: 'x' });
  const answers = await Promise.allSettled([
    store.commit([{ logId: 'a', expected: 0, epoch: null, events: batch }]),
    interleaved(() => other.commit([{ logId: 'a', expected: 'any', epoch: null, events: late }])),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  const head = await store.head('a');
  expect(head.seq).toBeGreaterThan(1);
  expect(head.seq).toBeLessThan(6);
  await place.destroy();
});

/** Lets the other writer do about as much as one event first. */
async function interleaved<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  return work();
}
