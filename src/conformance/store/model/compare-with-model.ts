/** Decides when a store agrees with the model: everything that can be read is what the model holds. */
import type { Sha256 } from '../../../base/index.ts';
import {
  chainHash,
  type EventRow,
  genesisHash,
  type LogStore,
  type ReadOptions,
} from '../../../log/index.ts';
import { expectEqual } from '../../expect.ts';
import { readAll } from '../sample-log.ts';
import type { LogModel } from './log-model.ts';

export async function expectAgrees(store: LogStore, model: LogModel, sha256: Sha256): Promise<void> {
  for (const [logId, { events, epoch }] of model.logs) {
    const hashes = chainOf(events, sha256);
    const expected = events.map((event, index) => ({ ...event, seq: index + 1, hash: hashes[index] ?? '' }));
    expectEqual(await readAll(store, logId, { hashes: true }), expected, `the events of '${logId}'`);
    const head = { logId, seq: events.length, hash: hashes.at(-1) ?? genesisHash };
    expectEqual(await store.head(logId), head, `the head of '${logId}'`);
    expectEqual((await store.info(logId))?.epoch, epoch, `the epoch of '${logId}'`);
    for (const event of expected) expectEqual(await store.get(logId, event.id), event, `get ${event.id}`);
  }
  expectEqual(
    (await store.logs()).map(({ id }) => id),
    [...model.logs.keys()],
    'the logs in the order of making',
  );
  const records = Array.from(model.records, ([id, record]) => ({ kind: 'k', id, ...record }));
  const byId = (left: { id: string }, right: { id: string }): number => (left.id < right.id ? -1 : 1);
  expectEqual(await store.records('k', ''), records.sort(byId), 'the records');
}

/** Places and contents of a stretch, as the options say it. */
export function sliceOf(events: readonly EventRow[], options: ReadOptions): (readonly [number, string])[] {
  const { after = 0, before = events.length + 1, limit = events.length, reverse = false } = options;
  const placed = events.map((event, index) => [index + 1, event.payload] as const);
  const wanted = placed.filter(([seq]) => seq > after && seq < before);
  return (reverse ? wanted.toReversed() : wanted).slice(0, limit);
}

function chainOf(events: readonly EventRow[], sha256: Sha256): string[] {
  let hash = genesisHash;
  return events.map((event) => (hash = chainHash(hash, event, sha256)));
}
