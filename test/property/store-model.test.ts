// Laws of every store: any sequence of calls gives what the plain model gives, and what is read back is what it holds.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectAgrees, sliceOf } from '../../src/conformance/store/model/compare-with-model.ts';
import { onModel, onStore, outcomeOf, partOf } from '../../src/conformance/store/model/log-command.ts';
import { LogModel } from '../../src/conformance/store/model/log-model.ts';
import { readAll } from '../../src/conformance/store/sample-log.ts';
import { beds, sha256, type StoreBed } from './store-beds.ts';
import { anyCommand, anyLog, appendCommand, createCommand, forkCommand } from './store-commands.ts';

async function withBed(make: () => StoreBed, work: (bed: StoreBed) => Promise<void>): Promise<void> {
  const bed = make();
  try {
    await work(bed);
  } finally {
    await bed.clear();
  }
}

describe.each(Object.entries(beds))('%s store', (_, { runs, make }) => {
  test('does what the model does', async () => {
    const law = fc.asyncProperty(fc.array(anyCommand, { minLength: 1, maxLength: 40 }), (commands) =>
      withBed(make, async (bed) => {
        const model = new LogModel();
        let store = await bed.open();
        for (const command of commands) {
          if (command.kind === 'reopen') {
            await store.close();
            store = await bed.open();
          }
          const actual = await onStore(command, store, model);
          expect([command.kind, actual]).toEqual([command.kind, onModel(command, model)]);
        }
        await expectAgrees(store, model, sha256);
        await store.close();
      }),
    );
    await fc.assert(law, { numRuns: runs });
  });

  test('does what the model does through whichever of two handles a call comes', async () => {
    const call = fc.record({
      isFirst: fc.boolean(),
      command: fc.oneof(
        { weight: 12, arbitrary: appendCommand },
        { weight: 2, arbitrary: createCommand },
        { weight: 2, arbitrary: forkCommand },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('detach' as const), log: anyLog }) },
      ),
    });
    const law = fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), (calls) =>
      withBed(make, async (bed) => {
        const model = new LogModel();
        const [first, second] = [await bed.open(), await bed.open()];
        await onStore({ kind: 'create', log: 'a', isSession: false }, first, model);
        model.create('a', 'run');
        for (const { isFirst, command } of calls) {
          const actual = await onStore(command, isFirst ? first : second, model);
          expect([command.kind, actual]).toEqual([command.kind, onModel(command, model)]);
        }
        for (const store of [first, second]) {
          await expectAgrees(store, model, sha256);
          await store.close();
        }
        const after = await bed.open();
        await expectAgrees(after, model, sha256);
        await after.close();
      }),
    );
    await fc.assert(law, { numRuns: runs });
  });

  test('reads a tree of forks as if each had copied its past', async () => {
    const command = fc.oneof(
      { weight: 3, arbitrary: appendCommand },
      { weight: 3, arbitrary: forkCommand },
      { weight: 1, arbitrary: createCommand },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('detach' as const), log: fc.constantFrom('a', 'b', 'c') }),
      },
    );
    const options = fc.record(
      { after: fc.nat(12), before: fc.nat(14), limit: fc.nat(6), reverse: fc.constant(true) },
      { requiredKeys: [] },
    );
    const law = fc.asyncProperty(fc.array(command, { maxLength: 30 }), fc.array(options), (commands, reads) =>
      withBed(make, async (bed) => {
        const model = new LogModel();
        const store = await bed.open();
        await onStore({ kind: 'create', log: 'a', isSession: false }, store, model);
        model.create('a', 'run');
        for (const each of commands) {
          await onStore(each, store, model);
          onModel(each, model);
        }
        for (const logId of model.logs.keys()) {
          for (const each of reads) {
            const read = (await readAll(store, logId, each)).map(({ seq, payload }) => [seq, payload]);
            expect(read).toEqual(sliceOf(model.logs.get(logId)?.events ?? [], each));
          }
        }
        await expectAgrees(store, model, sha256);
        await store.close();
      }),
    );
    await fc.assert(law, { numRuns: runs });
  });

  test('answers commits that share a transaction as if each had come alone', async () => {
    const law = fc.asyncProperty(fc.array(appendCommand, { minLength: 2, maxLength: 25 }), (commands) =>
      withBed(make, async (bed) => {
        const model = new LogModel();
        const store = await bed.open();
        for (const log of ['a', 'b', 'c']) {
          await onStore({ kind: 'create', log, isSession: log === 'c' }, store, model);
          model.create(log, log === 'c' ? 'session' : 'run');
        }
        const expected: string[] = [];
        const commits = commands.map((command) => {
          const part = partOf(command, model);
          expected.push(model.append(part));
          return outcomeOf(store.commit([part]));
        });
        expect(await Promise.all(commits)).toEqual(expected);
        await expectAgrees(store, model, sha256);
        await store.close();
      }),
    );
    await fc.assert(law, { numRuns: runs });
  });
});
