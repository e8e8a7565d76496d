// Scenarios 27 and 28 of agent sessions: runs that wait for each other, and followers that miss and repeat nothing.
import { nodePlatform } from 'runlog';
import { expect, test } from 'vitest';
import {
  CancelledError,
  countingMint,
  followSession,
  newSessionEvent,
  type SessionManager,
  SessionServer,
  streamSession,
} from 'runlog/sessions';
import { hello, type Play, sayHello, type SessionBed, sessionBed } from '../../harness/session-bed.ts';

const platform = nodePlatform;

async function serverOn(
  bed: SessionBed,
  play: Play,
  more: { readonly maxQueuedRuns?: number } = {},
): Promise<{ readonly server: SessionServer; readonly manager: SessionManager }> {
  const manager = bed.manager(play);
  await manager.startSession({ id: 's' });
  const server = await SessionServer.open({ manager, store: bed.store, platform, sessionId: 's', ...more });
  return { server, manager };
}

test('27: one slot works on three runs in their order; one that is taken out of the queue is never worked on', async () => {
  const bed = sessionBed();
  const order: string[] = [];
  let atOnce = 0;
  let most = 0;
  const { server } = await serverOn(bed, async ({ run }) => {
    order.push(JSON.stringify(run.input));
    most = Math.max(most, (atOnce += 1));
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    return {};
  });
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((input) => server.submitRun(input)));
  const second = server.awaitRun(ids[1] ?? '');
  await server.cancelRun(ids[1] ?? '');
  await expect(second).rejects.toBeInstanceOf(CancelledError);
  await server.drain();
  expect([order, most]).toEqual([['"a"', '"c"', '"d"'], 1]);
  const statuses = (await bed.store.listRuns('s')).map(({ status }) => status);
  expect(statuses).toEqual(['completed', 'cancelled', 'completed', 'completed']);
  await expect(server.submitRun('late')).rejects.toMatchObject({ code: 'invalid_operation' });
});

test('a run beyond the slots and the places is refused, and a run is interrupted without those that wait', async () => {
  const bed = sessionBed();
  const never: Play = ({ run }) =>
    run.input === 'stuck' ? new Promise(() => undefined) : Promise.resolve({});
  const { server } = await serverOn(bed, never, { maxQueuedRuns: 1 });
  const stuck = await server.submitRun('stuck');
  const next = await server.submitRun('next');
  await expect(server.submitRun('over')).rejects.toMatchObject({ code: 'max_runs_exceeded' });
  await expect.poll(async () => (await bed.store.getRun(stuck)).status).toBe('running');
  expect((await server.interrupt()).map(({ id, status }) => [id, status])).toEqual([[stuck, 'cancelled']]);
  expect((await server.awaitRun(next)).run.status).toBe('completed');
  await server.close();
  await server.close();
});

test.each([0, 1, 700, 1502])(
  '28: whoever follows from %i on sees 1,500 stored events and a live run without gap or repeat',
  async (after) => {
    const bed = sessionBed();
    const { server } = await serverOn(bed, sayHello);
    const mint = countingMint();
    const data = { content: 'x', delta: 'x' };
    await bed.store.appendEvents(
      Array.from({ length: 1500 }, (_, n) =>
        newSessionEvent({ id: `old${n}`, type: 'message_streamed', sessionId: 's', data }, mint),
      ),
    );
    const seen: (number | null)[] = [];
    const elsewhere: (number | null)[] = [];
    const last = 1502 + 1 + hello.length + 1;
    const read = async (following: ReturnType<typeof server.subscribe>, into: (number | null)[]) => {
      for await (const { sequenceNumber } of following) {
        into.push(sequenceNumber);
        if (sequenceNumber === last) break;
      }
    };
    const reading = [
      read(server.subscribe({ after }), seen),
      read(followSession(bed.otherStore(), 's', platform, { after }), elsewhere),
    ];
    await server.executeRun('go');
    await Promise.all(reading);
    const wanted = Array.from({ length: last - after }, (_, n) => after + n + 1);
    expect(seen).toEqual(wanted);
    expect(elsewhere).toEqual(wanted);
    expect(server.status().subscribers).toBe(0);
  },
);

test('a stream gives what the agent tells and ends; what it fails with is its last event', async () => {
  const bed = sessionBed();
  const told: string[] = [];
  const stream = streamSession(bed.manager(sayHello), 'go', platform);
  for await (const { type } of stream) told.push(type);
  expect(told).toEqual([...hello.map(({ type }) => type), 'run_completed']);
  expect((await stream.result).costUsd).toBe('0.0105');
  const failing = streamSession(
    bed.manager(() => Promise.reject(new Error('boom'))),
    'go',
    platform,
  );
  const seen: unknown[] = [];
  for await (const { type, data } of failing) seen.push([type, data['error_code']]);
  expect(seen).toEqual([
    ['run_failed', 'provider_error'],
    ['error_occurred', 'provider_error'],
  ]);
});

test('closing a stream cancels its run, twice over, and an agent that is silent too long is given up', async () => {
  const bed = sessionBed();
  const play: Play = async ({ tell }) => {
    await tell({ type: 'run_started', data: {} });
    return new Promise(() => undefined);
  };
  const stream = streamSession(bed.manager(play), 'go', platform, { session: { id: 's1' } });
  expect((await stream.next()).value).toMatchObject({ type: 'run_started' });
  await stream.close();
  await stream.close();
  expect((await bed.store.getSession('s1')).status).toBe('cancelled');
  const silent = streamSession(bed.manager(play), 'go', platform, {
    session: { id: 's2' },
    idleTimeoutMs: 10,
  });
  const seen: string[] = [];
  for await (const { type } of silent) seen.push(type);
  expect(seen).toEqual(['run_started', 'error_occurred']);
  expect((await bed.store.getSession('s2')).status).toBe('cancelled');
});

test('a manager whose stream nobody reads can be closed', async () => {
  const bed = sessionBed();
  const manager = bed.manager(sayHello);
  const stream = streamSession(manager, 'go', platform, { session: { id: 's' } });
  await expect.poll(async () => (await bed.store.listSessions()).length).toBe(1);
  await manager.close();
  await expect(stream.result).rejects.toBeInstanceOf(CancelledError);
  expect((await bed.store.getSession('s')).status).toBe('cancelled');
});
