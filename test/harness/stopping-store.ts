/** Decides how a store breaks down in a test: at which commit, and whether that commit is there afterwards. */
import type { CommitPart, Head, LogStore, RecordWrite } from 'runlog/log';

/** `before`: refused, not there. `after`: there, and yet refused. `silent`: there, and nobody ever hears of it. */
export type Breakdown = 'before' | 'after' | 'silent';

export class BreakdownError extends Error {
  override readonly name = 'BreakdownError';
}

export interface StoppingStore {
  readonly store: LogStore;
  /** Commits with events that were asked for so far, the one that broke included. */
  readonly commits: () => number;
  /** Resolves when the store breaks. */
  readonly broken: Promise<void>;
}

/** Passes everything on until the `stopAt`th commit with events; from then on no commit works. */
export function stoppingStore(inner: LogStore, stopAt: number, breakdown: Breakdown): StoppingStore {
  let commits = 0;
  let tellBroken: () => void = () => undefined;
  const broken = new Promise<void>((resolve) => {
    tellBroken = resolve;
  });
  const commit = async (
    parts: readonly CommitPart[],
    records: readonly RecordWrite[] = [],
  ): Promise<readonly Head[]> => {
    if (parts.every(({ events }) => events.length === 0)) return inner.commit(parts, records);
    commits += 1;
    if (commits < stopAt) return inner.commit(parts, records);
    if (commits === stopAt && breakdown !== 'before') await inner.commit(parts, records);
    tellBroken();
    if (breakdown === 'silent') return new Promise(() => undefined);
    throw new BreakdownError(`the disk is gone at commit ${commits}`);
  };
  return { store: overlaid(inner, { commit }), commits: () => commits, broken };
}

/** Lets timers and sockets have their turn in every commit, as a database across a network does. */
export function slowStore(inner: LogStore): LogStore {
  return overlaid(inner, {
    commit: async (parts, records) => {
      await new Promise((resolve) => setImmediate(resolve));
      const heads = await inner.commit(parts, records);
      await new Promise((resolve) => setImmediate(resolve));
      return heads;
    },
  });
}

/** A store with some of its methods replaced. */
export function overlaid(inner: LogStore, replaced: Partial<LogStore>): LogStore {
  return {
    storeId: inner.storeId,
    capabilities: inner.capabilities,
    create: async (log) => inner.create(log),
    fork: async (fork) => inner.fork(fork),
    detach: async (logId) => inner.detach(logId),
    info: async (logId) => inner.info(logId),
    head: async (logId) => inner.head(logId),
    logs: async (filter) => inner.logs(filter),
    commit: async (parts, records) => inner.commit(parts, records),
    read: (logId, options) => inner.read(logId, options),
    get: async (logId, eventId) => inner.get(logId, eventId),
    tail: (options) => inner.tail(options),
    record: async (kind, id) => inner.record(kind, id),
    records: async (kind, prefix) => inner.records(kind, prefix),
    acquire: async (logId) => inner.acquire(logId),
    renew: async () => inner.renew(),
    release: async (lease) => inner.release(lease),
    close: async () => inner.close(),
    ...replaced,
  };
}
