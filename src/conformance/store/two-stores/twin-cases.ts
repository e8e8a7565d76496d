/** Cases of two stores: the same commands on the store and on the memory store give the same texts, heads and refusals. */
import { isStructuredError, type JsonObject, seededRandom } from '../../../base/index.ts';
import type { LogStore } from '../../../log/index.ts';
import { expectEqual } from '../../expect.ts';
import { forkAt, otherEvents } from '../fork-cases.ts';
import { drawCommands, everyKind } from '../model/drawn-commands.ts';
import { onModel, onStore } from '../model/log-command.ts';
import { LogModel } from '../model/log-model.ts';
import { appendAt, filledLog, sampleEvent, sampleEvents, sampleLog } from '../sample-log.ts';
import { type StoreContext, storeCases } from '../store-case.ts';
import { wholeCommits } from '../whole-commits.ts';
import { awkwardEvents } from './awkward-events.ts';
import { openTwin, pictureOf } from './twin-store.ts';

/** Does the same on both, and compares what it says and everything that can be read afterwards. */
async function sameOnBoth(
  { store, sha256 }: StoreContext,
  script: (store: LogStore) => Promise<unknown>,
): Promise<void> {
  const twin = openTwin(store, sha256);
  expectEqual(await script(store), await script(twin), 'what came back');
  expectEqual(await pictureOf(store), await pictureOf(twin), 'what can be read');
  await twin.close();
}

export const twinCases = storeCases('twin', {
  events: {
    why: 'A run that moves from one store to another has to stay the same history, byte for byte.',
    run: (context) =>
      sameOnBoth(context, async (store) => {
        const events = awkwardEvents();
        await store.create(sampleLog('a'));
        const heads = [];
        for (const [index, event] of events.entries()) heads.push(await appendAt(store, 'a', index, [event]));
        await store.create(sampleLog('b', { label: 'in one batch' }));
        heads.push(await appendAt(store, 'b', 0, events));
        return heads;
      }),
  },
  sessions: {
    why: 'Several writers, fields of their own, and places that nobody asked for: still one history.',
    run: (context) =>
      sameOnBoth(context, async (store) => {
        await store.create(sampleLog('s', { kind: 'session' }));
        const heads = [];
        for (const [index, event] of awkwardEvents().entries()) {
          const fields = { runId: `r-${index % 2}`, schemaVersion: index, metadata: `{"n":${index}.0}` };
          heads.push(await appendAt(store, 's', 'any', [{ ...event, ...fields }]));
        }
        return heads;
      }),
  },
  forks: {
    why: 'Lineage is data: two stores that write it down differently cannot exchange forks.',
    run: (context) =>
      sameOnBoth(context, async (store) => {
        await filledLog(store, 'a', 6);
        const made = [await forkAt(store, 'a', 4, 'b')];
        await appendAt(store, 'b', 4, otherEvents(5, 3));
        made.push(await forkAt(store, 'b', 6, 'c'), await forkAt(store, 'b', 2, 'd'));
        made.push(await forkAt(store, 'c', 0, 'e'), await forkAt(store, 'c', 6, 'f'));
        await appendAt(store, 'd', 2, sampleEvents(3, 1));
        return made;
      }),
  },
  records: {
    why: 'Documents move with the logs; a version that is counted differently loses the next write.',
    run: (context) =>
      sameOnBoth(context, async (store) => {
        const write = (kind: string, id: string, value: string | null) =>
          store.commit([], [{ kind, id, expectedVersion: 'any', value }]);
        for (const { id, payload } of awkwardEvents()) await write('k', id, payload);
        for (const { id } of awkwardEvents().slice(0, 4)) await write('k', id, null);
        for (const { id } of awkwardEvents().slice(2, 8)) await write('k', id, '"again"');
        await write('other', 'a', ' 1.0 ');
        await write('k', 'a', '2');
        return [await store.record('k', 'a'), await store.records('k', 'evt_')];
      }),
  },
  refusals: {
    why: 'A program that handles an error by its code and its context must do the same in every store.',
    run: (context) =>
      sameOnBoth(context, async (store) => {
        await filledLog(store, 'a', 4);
        await forkAt(store, 'a', 2, 'f');
        const calls: readonly (() => Promise<unknown>)[] = [
          () => store.create(sampleLog('a')),
          () => store.create(sampleLog('')),
          () => store.head('no'),
          () => store.get('no', 'evt_001'),
          () => store.logs({ after: 'no' }),
          () => forkAt(store, 'a', 9, 'g'),
          () => forkAt(store, 'no', 0, 'g'),
          () => forkAt(store, 'a', 1, 'f'),
          () => store.detach('no'),
          () => store.acquire('no'),
          () => appendAt(store, 'a', 2, [sampleEvent(9)]),
          () => appendAt(store, 'a', 7, [sampleEvent(8)]),
          () => appendAt(store, 'a', 4, [sampleEvent(5)], 3),
          () => appendAt(store, 'a', 1, [sampleEvent(2, { payload: '{}', actor: null })]),
          () => appendAt(store, 'f', 2, [sampleEvent(1, { type: 'x' })]),
          () => appendAt(store, 'a', 4, [sampleEvent(5, { id: 'x'.repeat(300) })]),
          () => appendAt(store, 'a', 4, [sampleEvent(5, { payload: '\0' })]),
          () => appendAt(store, 'a', 4, [sampleEvent(5, { runId: 'r' })]),
          () => store.commit([], [{ kind: 'k', id: 'x', expectedVersion: 3, value: '1' }]),
        ];
        const answers = [];
        for (const call of calls) answers.push(await refusalOf(call()));
        return answers;
      }),
  },
  'drawn-commands': {
    why: 'What nobody thought of is found by chance, and two stores that part there would part in a run.',
    async run(context) {
      const { seed, sha256 } = context;
      await sameOnBoth(context, async (store) => {
        const model = new LogModel(store.capabilities);
        const answers = [];
        for (const command of drawCommands(seededRandom(sha256(`twin ${seed}`)), everyKind, 150)) {
          answers.push([command.kind, await onStore(command, store, model)]);
          onModel(command, model);
        }
        return answers;
      });
    },
  },
  'whole-commits': {
    why: 'Several logs and documents in one commit are one step in every store, or they are none in some.',
    needs: wholeCommits((store) =>
      store.commit(
        [
          { logId: 'a', expected: 'any', epoch: null, events: [sampleEvent(3)] },
          { logId: 'b', expected: 2, epoch: null, events: [] },
        ],
        [{ kind: 'k', id: 'x', expectedVersion: 'any', value: '2' }],
      ),
    ),
    run: (context) =>
      sameOnBoth(context, async (store) => {
        await filledLog(store, 'a', 2);
        await filledLog(store, 'b', 2);
        const send = (value: string, expected: number) =>
          refusalOf(
            store.commit(
              [
                { logId: 'a', expected, epoch: null, events: sampleEvents(3, 2) },
                { logId: 'b', expected: 'any', epoch: null, events: [sampleEvent(3)] },
                { logId: 'b', expected: 'any', epoch: null, events: [sampleEvent(4)] },
              ],
              [{ kind: 'k', id: 'x', expectedVersion: 0, value }],
            ),
          );
        return [await send('1', 1), await send('1', 2), await send('1', 2), await send('2', 2)];
      }),
  },
  detached: {
    why: 'A detached fork has the same hashes as before, and no store may count them anew.',
    needs: wholeCommits((store) => store.detach('f')),
    run: (context) =>
      sameOnBoth(context, async (store) => {
        await filledLog(store, 'a', 6);
        await forkAt(store, 'a', 4, 'b');
        await appendAt(store, 'b', 4, otherEvents(5, 3));
        await forkAt(store, 'b', 6, 'c');
        const made = [await store.detach('b'), await store.detach('c')];
        return [made, await forkAt(store, 'b', 5, 'd')];
      }),
  },
});

/** The answer, or code and context of the refusal. */
async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    const context: JsonObject = error.context;
    return { code: error.code, context };
  }
}
