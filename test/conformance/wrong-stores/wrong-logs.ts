// Wrong stores that mistake one log for another, or a fork for a copy.
import { DuplicateEventError, type LogInfo, RunExistsError } from '../../../src/log/index.ts';
import { MemoryRows } from '../../../src/log/memory/memory-pages.ts';
import { wrong, type WrongStore } from './wrong-store.ts';

export const wrongLogs: readonly WrongStore[] = [
  wrong('makes every log a run', 'create/kind-kept', (inner) => ({
    create: (log) => inner.create({ ...log, kind: 'run' }),
  })),
  wrong('takes a taken id for the log that is meant', 'create/taken-id-refused', (inner) => ({
    async create(log) {
      try {
        return await inner.create(log);
      } catch (error) {
        const known = error instanceof RunExistsError ? await inner.info(log.id) : undefined;
        if (known === undefined) throw error;
        return known;
      }
    },
  })),
  wrong('cuts ids at 64 characters', 'create/longest-id', (inner) => ({
    create: (log) => inner.create({ ...log, id: log.id.slice(0, 64) }),
  })),
  wrong('makes a log when somebody appends to it', 'create/unknown-log-refused', (inner) => ({
    async commit(parts, records) {
      for (const { logId } of parts) {
        const log = { id: logId, kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' } as const;
        if ((await inner.info(logId)) === undefined) await inner.create(log);
      }
      return inner.commit(parts, records);
    },
  })),
  wrong('forks one place early', 'fork/shares-the-past', (inner) => ({
    fork: (fork) => inner.fork({ ...fork, atSeq: Math.max(fork.atSeq - 1, 0) }),
  })),
  wrong('forks at the head when the place is too far', 'fork/wrong-place-refused', (inner) => ({
    async fork(fork) {
      const seq = (await inner.info(fork.parent))?.head.seq ?? 0;
      return inner.fork({ ...fork, atSeq: Math.min(fork.atSeq, seq) });
    },
  })),
  wrong('makes a fork an empty log that names its parent', 'export/fork-as-a-log-of-its-own', (inner) => ({
    async *read(logId, options = {}) {
      const from = (await inner.info(logId))?.parent?.atSeq ?? 0;
      yield* inner.read(logId, { ...options, after: Math.max(options.after ?? 0, from) });
    },
  })),
  wrong('makes a fork without its first events', 'fork/comes-with-its-first-events', (inner) => ({
    fork: (fork) => inner.fork({ ...fork, events: [] }),
  })),
  wrong(
    'makes a fork, and then fails at its first events',
    'fork/with-a-refused-event-is-not-made',
    (inner) => ({
      async fork({ events = [], ...fork }) {
        const made = await inner.fork(fork);
        if (events.length === 0) return made;
        await inner.commit([{ logId: fork.id, expected: fork.atSeq, epoch: null, events }]);
        return (await inner.info(fork.id)) ?? made;
      },
    }),
  ),
  wrong('lets a fork go on with its parent', 'fork/goes-on-by-itself', (inner) => ({
    async commit(parts, records) {
      const heads = await inner.commit(parts, records);
      for (const part of parts) {
        const parent = (await inner.info(part.logId))?.parent ?? null;
        if (parent !== null && (await inner.head(parent.logId)).seq === parent.atSeq)
          await inner.commit([{ ...part, logId: parent.logId, epoch: null, expected: 'any' }]);
      }
      return heads;
    },
  })),
  wrong('lets a fork use an inherited id again', 'fork/inherited-ids-are-taken', (inner, database) => ({
    async commit(parts, records) {
      try {
        return await inner.commit(parts, records);
      } catch (error) {
        const [part] = parts;
        const log = part === undefined ? undefined : database.logs.get(part.logId);
        if (!(error instanceof DuplicateEventError) || part === undefined || log === undefined) throw error;
        if (log.parent === null || part.events.some(({ id }) => [...log.rows].some((row) => row.id === id)))
          throw error;
        for (const event of part.events) log.rows.push(event);
        return [await inner.head(part.logId)];
      }
    },
  })),
  wrong('owns the fork that it makes', 'fork/has-its-own-owner', (inner) => ({
    async fork(fork): Promise<LogInfo> {
      const made = await inner.fork(fork);
      await inner.acquire(fork.id);
      return made;
    },
  })),
  wrong('says that a fork is detached, and leaves it as it is', 'detach/children-still-read', (inner) => ({
    async detach(logId) {
      const info = await inner.info(logId);
      if (info === undefined) return inner.detach(logId);
      return { ...info, parent: null, lineage: [] };
    },
  })),
  wrong('loses the inherited events when a fork is detached', 'twin/detached', (inner, database) => ({
    async detach(logId) {
      const inherited = database.logs.get(logId)?.base.seq ?? 0;
      const made = await inner.detach(logId);
      const log = database.logs.get(logId);
      if (log === undefined) return made;
      const rows = [...log.rows].slice(inherited);
      log.rows = new MemoryRows(0);
      for (const row of rows) log.rows.push(row);
      return { ...made, head: await inner.head(logId) };
    },
  })),
];
