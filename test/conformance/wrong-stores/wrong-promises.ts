// Wrong stores that declare what they do not do, do what they do not declare, or end badly.
import {
  atomicCommitUnsupported,
  type CommitPart,
  type LogStore,
  type RecordWrite,
  RunNotFoundError,
  storeClosed,
} from '../../../src/log/index.ts';
import { loopPlaces } from '../loop-places.ts';
import { replaced, wrong, type WrongStore } from './wrong-store.ts';

/** A wrong store that appends in a loop, and can die between two events. */
function wrongLoop(
  name: string,
  caughtBy: string,
  methods: (inner: LogStore) => Partial<LogStore>,
): WrongStore {
  return { name, caughtBy, maker: loopPlaces(name, (store) => replaced(store, methods(store))) };
}

const inParts = { durability: 'memory', shared: false, atomicCommit: false } as const;

export const wrongPromises: readonly WrongStore[] = [
  wrong('gives each handle a store id of its own', 'open/store-id', () => {
    handles += 1;
    return { storeId: `store-${handles}` };
  }),
  wrong('says that it is durable and is not', 'reopen/events-are-there', () => ({
    capabilities: { durability: 'process', shared: true, atomicCommit: true },
  })),
  wrongLoop('says that it lives in memory and keeps everything', 'reopen/events-are-there', () => ({
    capabilities: { durability: 'memory', shared: false, atomicCommit: false },
  })),
  wrongLoop('says that its commits are whole and appends in a loop', 'crash/batch-whole-or-not', () => ({
    capabilities: { durability: 'process', shared: true, atomicCommit: true },
  })),
  wrong('takes commits of several parts that it does not declare', 'append/two-logs-in-one-commit', () => ({
    capabilities: inParts,
  })),
  wrongLoop('detaches forks event by event', 'detach/keeps-history', (inner) => ({
    async detach(logId) {
      const info = await inner.info(logId);
      if (info === undefined) return inner.detach(logId);
      return { ...info, parent: null, lineage: [] };
    },
  })),
  wrong(
    'refuses the rest of a batch that was stopped in the middle',
    'retry/longer-batch-refused',
    (inner) => ({
      capabilities: inParts,
      async detach(logId) {
        throw atomicCommitUnsupported({ logId, what: 'a detach' });
      },
      async commit(parts: readonly CommitPart[], records: readonly RecordWrite[] = []) {
        if (parts.length + records.length > 1)
          throw atomicCommitUnsupported({ logId: '', what: 'several parts' });
        return inner.commit(parts, records);
      },
    }),
  ),
  wrong('goes on after its close', 'close/every-call-refused', () => ({ close: async () => undefined })),
  wrong('takes in new work while it is closing', 'close/refused-while-closing', (inner) => ({
    async close() {
      await Promise.resolve();
      await inner.close();
    },
  })),
  wrong('drops what is under way when it is closed', 'close/waits-for-commits', (inner) => {
    let isClosed = false;
    return {
      async commit(parts, records) {
        await Promise.resolve();
        if (isClosed) throw storeClosed({ operation: 'commit' });
        return inner.commit(parts, records);
      },
      async close() {
        isClosed = true;
        await inner.close();
      },
    };
  }),
  wrong('may be closed once', 'close/twice', (inner) => {
    let isClosed = false;
    return {
      async close() {
        if (isClosed) throw storeClosed({ operation: 'close' });
        isClosed = true;
        await inner.close();
      },
    };
  }),
  wrong(
    'writes a document with the call after the one that asked',
    'crash/acknowledged-is-there',
    (inner) => {
      const held: RecordWrite[] = [];
      return {
        async commit(parts, records = []) {
          for (const record of held.splice(0)) await inner.commit([], [record]);
          if (parts.length > 0) return inner.commit(parts, records);
          held.push(...records);
          return [];
        },
      };
    },
  ),
  wrong('remembers the head of a log from its own last look', 'writers/see-each-other', (inner) => {
    const heads = new Map<string, Awaited<ReturnType<LogStore['head']>>>();
    return {
      async head(logId) {
        const head = heads.get(logId) ?? (await inner.head(logId));
        heads.set(logId, head);
        return head;
      },
      async commit(parts, records) {
        const made = await inner.commit(parts, records);
        for (const head of made) heads.set(head.logId, head);
        return made;
      },
    };
  }),
  wrong('says no in words of its own', 'twin/refusals', (inner) => ({
    async acquire(logId) {
      try {
        return await inner.acquire(logId);
      } catch (error) {
        if (!(error instanceof RunNotFoundError)) throw error;
        throw new RunNotFoundError({ summary: 'no', whatFailed: '-', why: '-', howToFix: '-' });
      }
    },
  })),
];

let handles = 0;
