import { expect, test } from 'vitest';
import { openMemoryStore } from '../log/index.ts';
import { nodePlatform, sha256 } from './node-platform.ts';
import { quickstartIds, runQuickstart } from './run-quickstart.ts';

test('a quickstart that is stopped while its fork is made does nothing more in the fork', async () => {
  const stop = new AbortController();
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  const fork = store.fork.bind(store);
  store.fork = async (request) => {
    stop.abort();
    return fork(request);
  };
  const report = await runQuickstart({
    store,
    review: false,
    signal: stop.signal,
    onProgress: () => undefined,
  });
  expect(report.wasStopped).toBe(true);
  expect((await store.head(quickstartIds.fork)).seq).toBeLessThan(700);
  await store.close();
});
