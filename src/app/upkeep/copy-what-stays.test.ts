import { expect, it } from 'vitest';
import { eventIdAt } from '../../base/index.ts';
import {
  type EventRow,
  MemoryDatabase,
  openMemoryStore,
  runNotFound,
  type WholeLogStore,
} from '../../log/index.ts';
import { logSource, type MigrationSource } from '../../migrate/index.ts';
import { sha256 } from '../node-platform.ts';
import { copyWhatStays } from './copy-what-stays.ts';

const createdAt = '2026-01-01T00:00:00Z';

function rows(count: number, word: string): readonly EventRow[] {
  const none = { actor: null, causedBy: null, frameId: null, subject: null, schemaVersion: null };
  const noSession = { runId: null, provider: null, correlationId: null, metadata: null };
  return Array.from({ length: count }, (_, index) => ({
    ...none,
    ...noSession,
    id: eventIdAt(index + 1),
    type: 'note',
    payload: JSON.stringify({ word }),
    timestamp: createdAt,
  }));
}

async function make(store: WholeLogStore, id: string, word: string): Promise<void> {
  await store.create({ id, kind: 'run', label: null, createdAt });
  await store.commit([{ logId: id, expected: 0, epoch: null, events: rows(3, word) }]);
}

async function remove(store: WholeLogStore, id: string): Promise<void> {
  await store.remove(await store.head(id));
}

async function headsOf(store: WholeLogStore): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await store.logs()).map(({ id, head }) => [id, head.hash]));
}

/** Runs `p` and `q`, and `f`, a fork of `p`; `changes` are made one after the other, each behind one listing. */
async function bed(...changes: readonly ((store: WholeLogStore) => Promise<void>)[]) {
  const open = (name: string) =>
    openMemoryStore({ sha256, nowMs: () => 0, database: new MemoryDatabase(name) });
  const [store, copy] = [open('from'), open('to')];
  for (const id of ['p', 'q']) await make(store, id, 'first');
  await store.fork({ parent: 'p', atSeq: 2, id: 'f', label: null, createdAt });
  const inner = logSource({ store, location: 'here' });
  const left = [...changes];
  const source: MigrationSource = {
    ...inner,
    runs: async () => {
      const listed = await inner.runs();
      await left.shift()?.(store);
      return listed;
    },
  };
  const copied = async () => {
    await copyWhatStays(source, copy, { sha256, location: 'there' });
    return headsOf(copy);
  };
  return { copied, expected: async () => headsOf(store) };
}

it('an id that is given to another run while the first is read is listed again', async () => {
  const { copied, expected } = await bed(async (store) => {
    const read = store.read.bind(store);
    store.read = async function* (logId, options) {
      if (logId !== 'q') {
        yield* read(logId, options);
        return;
      }
      store.read = read;
      await remove(store, 'q');
      await make(store, 'q', 'second');
      throw runNotFound({ logId, operation: 'read' });
    };
  });
  expect(await copied()).toEqual(await expected());
});

it('a run that was copied, and whose id another run has by now, is copied as that one; its fork stays', async () => {
  const { copied, expected } = await bed(
    (store) => remove(store, 'q'),
    async (store) => {
      await store.detach('f');
      await remove(store, 'p');
      await make(store, 'p', 'second');
      await make(store, 'q', 'second');
    },
  );
  expect(await copied()).toEqual(await expected());
});

it('a run that cannot be read and stands as it was listed ends the copy', async () => {
  const { copied } = await bed(async (store) => {
    store.read = async function* () {
      yield await Promise.reject(new Error('a bad page'));
    };
  });
  await expect(copied()).rejects.toThrow('a bad page');
});
