// A clock that goes back shortens nobody's lease, and frees nothing: it only lets a lease last longer.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StorePlace } from '../../src/conformance/index.ts';
import { FencedError, type LogStore, RunOwnedError } from '../../src/log/index.ts';
import { memoryPlaces } from './memory-places.ts';
import { postgresPlaces } from './postgres-places.ts';
import { sqlitePlaces } from './sqlite-places.ts';
import { createdAt, sampleRows } from './sqlite-scratch.ts';

const makers = [memoryPlaces(), sqlitePlaces('process'), postgresPlaces('process')];

interface Held {
  readonly place: StorePlace;
  readonly holder: LogStore;
  readonly other: LogStore;
  readonly epoch: number;
}

describe.each(makers)('$name', (maker) => {
  /** Run `a`, held by the first of two handles. */
  async function held(): Promise<Held> {
    const place = await maker.make();
    onTestFinished(() => place.destroy());
    const holder = await place.open();
    await holder.create({ id: 'a', kind: 'run', label: null, createdAt });
    const { epoch } = await holder.acquire('a');
    return { place, holder, other: await place.otherHandle(), epoch };
  }

  async function append(store: LogStore, seq: number, epoch: number): Promise<void> {
    await store.commit([{ logId: 'a', expected: seq, epoch, events: sampleRows(seq + 1, 1) }]);
  }

  test('a run stays held when the clock goes back a day', async () => {
    const { place, holder, other, epoch } = await held();
    await place.passTime(-86_400_000);
    await expect(other.acquire('a')).rejects.toBeInstanceOf(RunOwnedError);
    await append(holder, 0, epoch);
    expect((await other.info('a'))?.head.seq).toBe(1);
  });

  test.each(['commit', 'renew'] as const)(
    'a %s at an earlier time does not shorten the lease',
    async (what) => {
      const { place, holder, other, epoch } = await held();
      await place.passTime(-place.leaseMs);
      await (what === 'commit' ? append(holder, 0, epoch) : holder.renew());
      await place.passTime(place.leaseMs * 2 - 1);
      await expect(other.acquire('a')).rejects.toBeInstanceOf(RunOwnedError);
    },
  );

  test('a lease that ended ends when the clock comes to it again, and the first holder is fenced', async () => {
    const { place, holder, other, epoch } = await held();
    await place.passTime(-place.leaseMs);
    await place.passTime(place.leaseMs * 2 + 1);
    expect((await other.acquire('a')).epoch).toBe(epoch + 1);
    await expect(append(holder, 0, epoch)).rejects.toBeInstanceOf(FencedError);
  });
});
