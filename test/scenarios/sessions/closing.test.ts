// Closing in every state: twice, while something begins, while somebody reads. Whoever closes waits until all has its end.
import { nodePlatform } from 'runlog';
import { expect, test } from 'vitest';
import { type SessionManager, SessionServer, streamSession } from 'runlog/sessions';
import { disagreements, type Play, replacedStore, sessionBed } from '../../harness/session-bed.ts';

const never: Play = () => new Promise(() => undefined);
const atOnce: Play = async () => ({ output: { content: 'done' } });

/** What becomes of a call of a manager that is closed while the call reads or writes for the so-many-th time. */
async function closedAt(step: number, call: (manager: SessionManager) => Promise<unknown>) {
  const bed = sessionBed();
  const store = bed.store;
  let steps = 0;
  const closings: Promise<void>[] = [];
  let isClosed = false;
  const at = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    expect(isClosed).toBe(false);
    steps += 1;
    if (steps === step) {
      const close = async (): Promise<void> => {
        await manager.close();
        isClosed = true;
      };
      closings.push(close());
    }
    return work();
  };
  const watched = replacedStore(store, {
    getRun: (id) => at(() => store.getRun(id)),
    getSession: (id) => at(() => store.getSession(id)),
    flush: (result) => at(() => store.flush(result)),
  });
  const setUp = bed.manager(atOnce);
  await setUp.startSession({ id: 's' });
  await setUp.startRun('s', 'go', { id: 'r' });
  const manager = bed.manager(never, { store: watched });
  const outcome = await call(manager).catch((error: unknown) => error);
  await Promise.all(closings);
  await manager.close();
  const runs = await store.listRuns('s');
  return { outcome, steps, statuses: runs.map(({ status }) => status) };
}

test.each([1, 2, 3, 4, 5])(
  'a manager that is closed while a run begins (%i) leaves none running, and writes nothing afterwards',
  async (step) => {
    const { outcome, statuses } = await closedAt(step, (manager) => manager.executeRun('r'));
    expect(['cancelled', 'invalid_operation']).toContain(Reflect.get(Object(outcome), 'code'));
    expect(statuses).not.toContain('running');
  },
);

test('a manager that is closed while a run of its own session begins leaves none running', async () => {
  const { outcome, statuses } = await closedAt(1, (manager) =>
    manager.runOnce('go', { session: { id: 'other' } }),
  );
  expect(outcome).toMatchObject({ code: 'cancelled' });
  expect(statuses).toEqual(['pending']);
});

test('a manager is closed once, however often it is asked, and everybody who asks waits for it', async () => {
  const bed = sessionBed();
  const manager = bed.manager(never);
  const running = manager.runOnce('go', { session: { id: 's' } }).catch((error: unknown) => error);
  await expect.poll(async () => (await bed.store.listRuns('s'))[0]?.status).toBe('running');
  await Promise.all([manager.close(), manager.close()]);
  expect((await bed.store.listRuns('s'))[0]?.status).toBe('cancelled');
  await manager.close();
  expect(await running).toMatchObject({ code: 'cancelled' });
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('a stream that is closed while it is read, twice and from two sides, ends for its reader', async () => {
  const bed = sessionBed();
  const manager = bed.manager(async ({ tell, signal }) => {
    while (!signal.aborted) await tell({ type: 'message_streamed', data: { content: 'a', delta: 'a' } });
    return {};
  });
  const stream = streamSession(manager, 'go', nodePlatform);
  let heard = 0;
  for await (const { type } of stream) {
    heard += type === 'message_streamed' ? 1 : 0;
    if (heard === 3) await Promise.all([stream.close(), stream.close()]);
  }
  await stream.close();
  await expect(stream.result).rejects.toMatchObject({ code: 'cancelled' });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await manager.close();
});

test('a stream that is closed while it waits ends for its reader', async () => {
  const manager = sessionBed().manager(never);
  const stream = streamSession(manager, 'go', nodePlatform);
  const next = stream.next();
  await stream.close();
  expect(await next).toMatchObject({ done: true });
  await expect(stream.result).rejects.toMatchObject({ code: 'cancelled' });
  await manager.close();
});

test('a server closes when a run ends in the very moment, and what followed it is closed too', async () => {
  const bed = sessionBed();
  const manager = bed.manager(async () => {
    throw new Error('failed');
  });
  await manager.startSession({ id: 's' });
  // The run has its end; the server looks at it once more.
  const looked = Promise.withResolvers<void>();
  const held = replacedStore(bed.store, {
    getRun: async (id) => {
      looked.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      return bed.store.getRun(id);
    },
  });
  const server = await SessionServer.open({ manager, store: held, platform: nodePlatform, sessionId: 's' });
  const followed = server.subscribe();
  const failing = server.executeRun('go').catch((error: unknown) => error);
  await looked.promise;
  await Promise.all([server.close(), server.close()]);
  expect(await failing).toMatchObject({ code: 'provider_error' });
  expect(server.status()).toMatchObject({ inFlightRuns: [], queuedRuns: [], subscribers: 0 });
  while ((await followed.next()).done !== true);
});

test('a server that is closed gives no subscription that nobody would end', async () => {
  const bed = sessionBed();
  const manager = bed.manager(atOnce);
  await manager.startSession({ id: 's' });
  const server = await SessionServer.open({
    manager,
    store: bed.store,
    platform: nodePlatform,
    sessionId: 's',
  });
  await server.close();
  expect(() => server.subscribe()).toThrow('is closed');
  expect(server.status().subscribers).toBe(0);
});
