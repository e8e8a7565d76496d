/**
 * Decides what copies ask of a pool. A copy holds one connection until its pages have ended, and its pages may be read from the
 * same pool: from a pool of one such a page would never come, so it is refused. Copies on one pool come one after another.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { InvalidRuntimeConfiguration, type StructuredError } from '../../../base/index.ts';
import type { PostgresPool } from './driver.ts';

const connectionsOfCopy = 2;

/** The copy that a pool does at present, or did last. By pool, because several stores may share one. */
const lastOf = new WeakMap<PostgresPool, Promise<unknown>>();

/** Set while a page is fetched: the pool that the copy writes through. */
const writesThrough = new AsyncLocalStorage<PostgresPool>();

/** Does a copy when the copies before it on this pool have ended. */
export function inTurnOf<T>(pool: PostgresPool, copy: () => Promise<T>): Promise<T> {
  const turn = (lastOf.get(pool) ?? Promise.resolve()).then(copy);
  lastOf.set(
    pool,
    turn.catch(() => undefined),
  );
  return turn;
}

/** The same pages; who reads them is known to stand inside of a copy. */
export async function* pagesInside<Page>(
  pool: PostgresPool,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await writesThrough.run(pool, () => iterator.next());
      if (page.done === true) return;
      yield page.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Throws `InvalidRuntimeConfiguration` when a copy waits for what is asked here, and holds the only connection of the pool. */
export function refuseInsideCopy(pool: PostgresPool): void {
  const most = pool.options?.max;
  if (writesThrough.getStore() === pool && most !== undefined && most < connectionsOfCopy)
    throw poolTooSmall(most);
}

function poolTooSmall(most: number): StructuredError {
  return new InvalidRuntimeConfiguration({
    summary: 'a pool of one connection cannot be read while a run is copied into it',
    whatFailed: 'A run was to be copied between two PostgreSQL stores that share a pool of one connection.',
    why: 'The copy is one transaction and holds the connection until its last page. The page would wait for it for ever.',
    howToFix: `Give the pool ${connectionsOfCopy} connections or more: \`new Pool({ max: 4 })\`.`,
    context: { connections: most, needed: connectionsOfCopy },
  });
}
