// A run that is stopped in the moment in which it begins: whoever cancels, interrupts or closes finds it waiting, and then at work.
import { nodePlatform } from 'runlog';
import { expect, test } from 'vitest';
import { CancelledError, type SessionManager, SessionServer, type SessionStore } from 'runlog/sessions';
import {
  disagreements,
  type Play,
  replacedStore,
  type SessionBed,
  sessionBed,
} from '../../harness/session-bed.ts';

/** What has happened of a beginning when whoever stops it looks again. */
const moments = ['is stored, and not told yet', 'is told, and the agent works'] as const;
type Moment = (typeof moments)[number];

/** What the lease of a run says is not looked at so soon: here it is a signal that stops it. */
const farAway = 600_000;

interface Beginning {
  readonly bed: SessionBed;
  /** Holds a beginning back until somebody who stops has seen that the run waits. */
  readonly held: SessionStore;
  readonly untilStopped: Play;
  /** From here on the next who looks is whoever stops the run. */
  readonly stopNow: () => void;
  /** The beginning waits for its commit. */
  readonly ready: Promise<void>;
}

function beginning(moment: Moment): Beginning {
  const bed = sessionBed();
  const { store } = bed;
  const [ready, go, stored, told, works] = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  if (!ready || !go || !stored || !told || !works) throw new Error('five were made');
  let isStopping = false;
  let looks = 0;
  const held = replacedStore(store, {
    flush: async (result) => {
      if (result.run?.status !== 'running') return store.flush(result);
      ready.resolve();
      await go.promise;
      const done = await store.flush(result);
      stored.resolve();
      if (moment === 'is stored, and not told yet') await told.promise;
      return done;
    },
    getRun: async (id) => {
      const run = await store.getRun(id);
      if (!isStopping) return run;
      looks += 1;
      if (looks === 1) {
        go.resolve();
        await (moment === 'is stored, and not told yet' ? stored.promise : works.promise);
      }
      return run;
    },
    saveRun: async (run) => {
      const saved = await store.saveRun(run);
      if (isStopping) told.resolve();
      return saved;
    },
  });
  const untilStopped: Play = async ({ signal }) => {
    works.resolve();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return { output: { content: 'stopped' } };
  };
  return { bed, held, untilStopped, stopNow: () => (isStopping = true), ready: ready.promise };
}

async function beginningRun(moment: Moment) {
  const { bed, held, untilStopped, stopNow, ready } = beginning(moment);
  const manager = bed.manager(untilStopped, { store: held, leaseMs: farAway });
  await manager.startSession({ id: 's' });
  await manager.startRun('s', 'go', { id: 'r' });
  const outcome = manager.executeRun('r').catch((error: unknown) => error);
  await ready;
  return { bed, manager, outcome, stopNow };
}

async function beginningServer(moment: Moment) {
  const { bed, held, untilStopped, stopNow, ready } = beginning(moment);
  const manager = bed.manager(untilStopped, { store: held, leaseMs: farAway });
  const server = await serverOn(manager, bed.store);
  const id = await server.submitRun('go');
  const outcome = server.awaitRun(id).catch((error: unknown) => error);
  await ready;
  stopNow();
  return { bed, server, id, outcome };
}

async function serverOn(manager: SessionManager, store: SessionStore): Promise<SessionServer> {
  await manager.startSession({ id: 's' });
  return SessionServer.open({ manager, store, platform: nodePlatform, sessionId: 's' });
}

test.each(moments)('a run whose beginning %s is cancelled', async (moment) => {
  const { bed, manager, outcome, stopNow } = await beginningRun(moment);
  stopNow();
  expect((await manager.cancelRun('r')).status).toBe('cancelled');
  expect(await outcome).toBeInstanceOf(CancelledError);
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test.each(moments)('a server closes over a run whose beginning %s, and closes again', async (moment) => {
  const { bed, server, id, outcome } = await beginningServer(moment);
  await server.close();
  await server.close();
  expect((await bed.store.getRun(id)).status).toBe('cancelled');
  expect(await outcome).toBeInstanceOf(CancelledError);
});

test.each(moments)('a server interrupts a run whose beginning %s', async (moment) => {
  const { server, id } = await beginningServer(moment);
  const stopped = await server.interrupt();
  expect(stopped.map((run) => [run.id, run.status])).toEqual([[id, 'cancelled']]);
});

test('a run that begins in another process in the moment in which it is cancelled is ended there', async () => {
  const bed = sessionBed();
  const worker = bed.manager(
    ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({}))),
    { leaseMs: 30 },
  );
  await worker.startSession({ id: 's' });
  await worker.startRun('s', 'go', { id: 'r' });
  const outcomes: Promise<unknown>[] = [];
  const late = replacedStore(bed.store, {
    getRun: async (id) => {
      const run = await bed.store.getRun(id);
      if (outcomes.length === 0) outcomes.push(worker.executeRun('r').catch((error: unknown) => error));
      await expect.poll(async () => (await bed.store.getRun(id)).status).not.toBe('pending');
      return run;
    },
  });
  const canceller = bed.manager(() => Promise.resolve({}), { store: late });
  expect((await canceller.cancelRun('r')).status).toBe('cancelled');
  expect(await Promise.all(outcomes)).toEqual([expect.any(CancelledError)]);
});

test('a run that is cancelled before its beginning is stored ends as cancelled for whoever executes it', async () => {
  const bed = sessionBed();
  const other = bed.manager(() => Promise.resolve({}));
  let begins = 0;
  const late = replacedStore(bed.store, {
    flush: async (result) => {
      if (result.run?.status === 'running' && (begins += 1) === 1) await other.cancelRun('r');
      return bed.store.flush(result);
    },
  });
  const manager = bed.manager(() => Promise.resolve({}), { store: late });
  await manager.startSession({ id: 's' });
  await manager.startRun('s', 'go', { id: 'r' });
  await expect(manager.executeRun('r')).rejects.toBeInstanceOf(CancelledError);
  expect(begins).toBe(1);
});

test('a run that is cancelled before its server looks at it ends as cancelled for whoever awaits it', async () => {
  const bed = sessionBed();
  const other = bed.manager(() => Promise.resolve({}));
  let isCancelled = false;
  const late = replacedStore(bed.store, {
    getRun: async (id) => {
      if (!isCancelled) {
        isCancelled = true;
        await other.cancelRun(id);
      }
      return bed.store.getRun(id);
    },
  });
  const manager = bed.manager(() => Promise.resolve({}), { store: late });
  const server = await serverOn(manager, bed.store);
  await expect(server.awaitRun(await server.submitRun('go'))).rejects.toBeInstanceOf(CancelledError);
});

test('a server that has closed waits for a beginning that came too late', async () => {
  const bed = sessionBed();
  const slow = replacedStore(bed.store, {
    flush: async (result) => {
      const { run } = result;
      if (run?.status === 'running') {
        await expect.poll(async () => (await bed.store.getRun(run.id)).status).toBe('cancelled');
        await nodePlatform.sleep(20);
      }
      return bed.store.flush(result);
    },
  });
  const server = await serverOn(
    bed.manager(() => Promise.resolve({}), { store: slow }),
    bed.store,
  );
  await server.submitRun('go');
  await server.close();
  expect(server.status().inFlightRuns).toEqual([]);
});

test('a run that waits and is cancelled from two sides at once has one end', async () => {
  const bed = sessionBed();
  const other = bed.manager(() => Promise.resolve({}));
  let looks = 0;
  const late = replacedStore(bed.store, {
    getRun: async (id) => {
      const run = await bed.store.getRun(id);
      if ((looks += 1) === 1) await other.cancelRun(id);
      return run;
    },
  });
  const manager = bed.manager(() => Promise.resolve({}), { store: late });
  await manager.startSession({ id: 's' });
  await manager.startRun('s', 'go', { id: 'r' });
  await manager.cancelRun('r');
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('a server closes when a run that waits has been worked on elsewhere in the same moment', async () => {
  const bed = sessionBed();
  const manager = bed.manager(
    ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({}))),
  );
  const server = await serverOn(manager, bed.store);
  const first = await server.submitRun('first');
  const second = await server.submitRun('second');
  const outcome = server.awaitRun(second).catch((error: unknown) => error);
  await bed.manager(() => Promise.resolve({ output: { content: 'elsewhere' } })).executeRun(second);
  await server.close();
  expect((await bed.store.getRun(first)).status).toBe('cancelled');
  expect(await outcome).toMatchObject({ code: 'invalid_transition' });
});
