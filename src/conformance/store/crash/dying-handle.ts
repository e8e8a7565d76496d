/**
 * Decides how a process dies in a case: before its n-th write to the medium where the place can do that, else between two calls
 * of the store. What follows never happens, and nothing is closed in good order.
 */
import type { LogStore } from '../../../log/index.ts';
import { UnmetExpectation } from '../../expect.ts';
import type { StoreContext, StorePlace } from '../store-case.ts';

/** More writes than any script of a case has. */
const mostWrites = 500;

class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/** Does a script as far as its process lives, on a fresh place for each n, until it once comes to its end. */
export async function dyingAtEveryWrite(
  { makePlace, removePlace }: Pick<StoreContext, 'makePlace' | 'removePlace'>,
  script: (store: LogStore) => Promise<void>,
  afterwards: (place: StorePlace, n: number) => Promise<void>,
): Promise<void> {
  let death: unknown = null;
  for (let n = 1; n <= mostWrites; n += 1) {
    const place = await makePlace();
    death = await deathOf(place, n, script);
    await afterwards(place, n);
    await removePlace(place);
    if (death === null) return;
  }
  const last = death instanceof Error ? death.message : String(death);
  throw new UnmetExpectation(
    `the script did not come to its end within ${mostWrites} writes; at last: ${last}`,
  );
}

/** What ended the script; `null` when it came to its own end. */
async function deathOf(
  place: StorePlace,
  n: number,
  script: (store: LogStore) => Promise<void>,
): Promise<unknown> {
  try {
    await script(await openDying(place, n));
    return null;
  } catch (error) {
    if (error instanceof UnmetExpectation) throw error;
    return error;
  }
}

async function openDying(place: StorePlace, n: number): Promise<LogStore> {
  if (place.openDying !== undefined) return place.openDying(n);
  return dyingBetweenCalls(await place.otherHandle(), n);
}

/** Every call that writes counts; from the n-th on none is done. */
function dyingBetweenCalls(store: LogStore, n: number): LogStore {
  let writes = 0;
  const write = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    writes += 1;
    if (writes >= n) throw new ProcessDied(`the process died before write ${n}`);
    return work();
  };
  return {
    storeId: store.storeId,
    capabilities: store.capabilities,
    create: (log) => write(() => store.create(log)),
    fork: (fork) => write(() => store.fork(fork)),
    detach: (logId) => write(() => store.detach(logId)),
    commit: (parts, records) => write(() => store.commit(parts, records)),
    acquire: (logId) => write(() => store.acquire(logId)),
    renew: () => write(() => store.renew()),
    release: (lease) => write(() => store.release(lease)),
    close: () => write(() => store.close()),
    info: (logId) => store.info(logId),
    head: (logId) => store.head(logId),
    logs: (filter) => store.logs(filter),
    read: (logId, options) => store.read(logId, options),
    get: (logId, eventId) => store.get(logId, eventId),
    tail: (options) => store.tail(options),
    record: (kind, id) => store.record(kind, id),
    records: (kind, prefix) => store.records(kind, prefix),
  };
}
