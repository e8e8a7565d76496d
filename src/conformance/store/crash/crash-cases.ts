/**
 * Cases of death: a process ends before its n-th write, for every n, and another one finds what was acknowledged, whole, and can
 * go on. Killing real processes is the business of whoever runs the cases.
 */
import {
  type CommitPart,
  FencedError,
  type LogStore,
  RunExistsError,
  RunOwnedError,
} from '../../../log/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../../expect.ts';
import { forkAt, otherEvents } from '../fork-cases.ts';
import { appendAt, asStored, chainOf, readAll, sampleEvent, sampleEvents, sampleLog } from '../sample-log.ts';
import { type StoreContext, storeCases } from '../store-case.ts';
import { pictureOf } from '../two-stores/twin-store.ts';
import { wholeCommits } from '../whole-commits.ts';
import { dyingAtEveryWrite } from './dying-handle.ts';

const batch = sampleEvents(3, 6);

/** What a small run does to its store. Each step may be asked for again. */
const steps: readonly ((store: LogStore) => Promise<unknown>)[] = [
  (store) => again(store.create(sampleLog('a'))),
  (store) => appendAt(store, 'a', 0, sampleEvents(1, 2)),
  (store) => appendAt(store, 'a', 2, batch),
  (store) => writeOnce(store, 0, '{"at":8}'),
  (store) => again(forkAt(store, 'a', 5, 'f')),
  (store) => appendAt(store, 'f', 5, otherEvents(6, 3)),
  (store) => writeOnce(store, 1, '{"at":9}'),
];

/** Done by an earlier attempt whose answer nobody heard. */
async function again(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof RunExistsError)) throw error;
  }
}

async function writeOnce(store: LogStore, expectedVersion: number, value: string): Promise<void> {
  const present = await store.record('k', 'x');
  if ((present?.version ?? 0) > expectedVersion) return;
  await store.commit([], [{ kind: 'k', id: 'x', expectedVersion, value }]);
}

async function undisturbed({ makePlace }: Pick<StoreContext, 'makePlace'>): Promise<unknown> {
  const store = await (await makePlace()).open();
  for (const step of steps) await step(store);
  return pictureOf(store);
}

/** The events of a log, or none when there is no such log yet. */
async function eventsOf(store: LogStore, logId: string) {
  return (await store.info(logId)) === undefined ? [] : readAll(store, logId, { hashes: true });
}

async function prepared(store: LogStore): Promise<void> {
  await store.create(sampleLog('a'));
  await store.create(sampleLog('b'));
  await appendAt(store, 'a', 0, sampleEvents(1, 2));
}

export const crashCases = storeCases('crash', {
  'acknowledged-is-there': {
    why: 'A model was paid on the strength of an acknowledged commit: what was acknowledged is never asked for again.',
    async run(context) {
      let acknowledged = 0;
      await dyingAtEveryWrite(
        context,
        async (store) => {
          acknowledged = 0;
          for (const step of steps) {
            await step(store);
            acknowledged += 1;
          }
        },
        async (place, n) => {
          const store = await place.otherHandle();
          const length = async (logId: string): Promise<number> => (await eventsOf(store, logId)).length;
          const least = [0, 0, 2, 8, 8, 8, 8, 8][acknowledged] ?? 0;
          expectTrue((await length('a')) >= least, `${least} events after a death before write ${n}`);
          const inFork = acknowledged < 5 ? 0 : acknowledged < 6 ? 5 : 8;
          expectTrue((await length('f')) >= inFork, `${inFork} events of the fork (write ${n})`);
          const version = acknowledged < 4 ? 0 : acknowledged < 7 ? 1 : 2;
          const record = await store.record('k', 'x');
          expectTrue((record?.version ?? 0) >= version, `version ${version} of the record (write ${n})`);
        },
      );
    },
  },
  'nothing-is-torn': {
    why: 'What is left of a write must read as a log: in order, without a gap, and with the chain that belongs to it.',
    async run(context) {
      const expected = [...sampleEvents(1, 2), ...batch];
      await dyingAtEveryWrite(
        context,
        async (store) => {
          for (const step of steps) await step(store);
        },
        async (place, n) => {
          const store = await place.otherHandle();
          for (const { id, head } of await store.logs()) {
            const all = id === 'a' ? expected : [...expected.slice(0, 5), ...otherEvents(6, 3)];
            const events = await readAll(store, id);
            expectEqual(
              events,
              asStored(all.slice(0, events.length)),
              `'${id}' after a death before write ${n}`,
            );
            const hash = chainOf(all.slice(0, events.length), context.sha256);
            expectEqual([head.seq, head.hash], [events.length, hash], `the head of '${id}' (write ${n})`);
          }
        },
      );
    },
  },
  'asked-again-it-is-done': {
    why: 'After a crash the program does again what it is not sure of, and must come to the same store.',
    async run(context) {
      const expected = await undisturbed(context);
      await dyingAtEveryWrite(
        context,
        async (store) => {
          for (const step of steps) await step(store);
        },
        async (place, n) => {
          const store = await place.otherHandle();
          for (const step of steps) await step(store);
          expectEqual(await pictureOf(store), expected, `the store after a death before write ${n}`);
        },
      );
    },
  },
  'batch-whole-or-not': {
    why: 'Half of the changes of a behavior is a state that no code ever decided on.',
    run: (context) =>
      dyingAtEveryWrite(
        context,
        async (store) => {
          await prepared(store);
          await appendAt(store, 'a', 2, batch);
        },
        async (place, n) => {
          const { length } = await eventsOf(await place.otherHandle(), 'a');
          expectTrue([0, 2, 8].includes(length), `${length} events after a death before write ${n}`);
        },
      ),
    needs: {
      promise: 'atomicCommit',
      async refuses(context) {
        await dyingAtEveryWrite(
          context,
          async (store) => {
            await prepared(store);
            await appendAt(store, 'a', 2, batch);
          },
          async (place, n) => {
            const store = await place.otherHandle();
            if ((await eventsOf(store, 'a')).length < 2) return;
            const head = await appendAt(store, 'a', 2, batch);
            const hash = chainOf([...sampleEvents(1, 2), ...batch], context.sha256);
            expectEqual([head.seq, head.hash], [8, hash], `the head of the batch sent again (write ${n})`);
          },
        );
      },
    },
  },
  'logs-and-records-together': {
    why: 'A child run, the event that tells of it and the answer that it came from are one step.',
    needs: wholeCommits((store) => store.commit(stepOfTwo(2), [recordOfTwo])),
    run: (context) =>
      dyingAtEveryWrite(
        context,
        async (store) => {
          await prepared(store);
          await store.commit(stepOfTwo(0), [recordOfTwo]);
        },
        async (place, n) => {
          const store = await place.otherHandle();
          const found = [
            (await eventsOf(store, 'a')).length > 2,
            (await eventsOf(store, 'b')).length > 0,
            (await store.record('k', 'y')) !== undefined,
          ];
          expectEqual(new Set(found).size, 1, `all three or none after a death before write ${n}`);
        },
      ),
  },
  'detach-whole-or-not': {
    why: 'A fork that has half of its past is damaged for ever.',
    needs: wholeCommits((store) => store.detach('f')),
    run: (context) =>
      dyingAtEveryWrite(
        context,
        async (store) => {
          await prepared(store);
          await forkAt(store, 'a', 2, 'f');
          await store.detach('f');
        },
        async (place, n) => {
          const store = await place.otherHandle();
          const info = await store.info('f');
          if (info === undefined) return;
          expectEqual(info.parent === null, info.lineage.length === 0, `parent and lineage (write ${n})`);
          expectEqual(await readAll(store, 'f'), asStored(sampleEvents(1, 2)), `the events (write ${n})`);
          expectEqual(info.head.hash, chainOf(sampleEvents(1, 2), context.sha256), `the head (write ${n})`);
        },
      ),
  },
  'owner-is-replaced': {
    why: 'A run whose process died goes on in another, and what the dead one may still have sent is refused.',
    run: (context) =>
      dyingAtEveryWrite(
        context,
        async (store) => {
          await store.create(sampleLog('a'));
          const { epoch } = await store.acquire('a');
          await appendAt(store, 'a', 0, sampleEvents(1, 2), epoch);
          await appendAt(store, 'a', 2, batch, epoch);
        },
        async (place, n) => {
          const store = await place.otherHandle();
          const info = await store.info('a');
          if (info === undefined) return;
          if (info.owner !== null) {
            await expectRefusal(store.acquire('a'), RunOwnedError, `before its lease has ended (write ${n})`);
          }
          await place.passTime(place.leaseMs + 1);
          const lease = await store.acquire('a');
          expectEqual(lease.epoch, info.epoch + 1, `the next epoch (write ${n})`);
          const late = appendAt(store, 'a', info.head.seq, [sampleEvent(info.head.seq + 1)], info.epoch);
          await expectRefusal(late, FencedError, `a late write of the dead (write ${n})`);
          const head = await appendAt(
            store,
            'a',
            info.head.seq,
            otherEvents(info.head.seq + 1, 1),
            lease.epoch,
          );
          expectEqual(head.seq, info.head.seq + 1, `the head of the successor (write ${n})`);
        },
      ),
  },
});

function stepOfTwo(placeInB: number): readonly CommitPart[] {
  return [
    { logId: 'a', expected: 2, epoch: null, events: sampleEvents(3, 2) },
    { logId: 'b', expected: placeInB, epoch: null, events: sampleEvents(placeInB + 1, 2) },
  ];
}

const recordOfTwo = { kind: 'k', id: 'y', expectedVersion: 0, value: '1' } as const;
