// Wrong stores that forget who may write.
import { FencedError } from '../../../src/log/index.ts';
import { wrong, type WrongStore } from './wrong-store.ts';

const refusal = { summary: 'refused', whatFailed: '-', why: '-', howToFix: '-' };
const endOfTime = '9999-12-31T23:59:59Z';

export const wrongOwners: readonly WrongStore[] = [
  wrong('lets everybody take a run', 'owner/held-run-refused', (inner) => ({
    async acquire(logId) {
      const epoch = (await inner.info(logId))?.epoch ?? 0;
      return epoch === 0 ? inner.acquire(logId) : { logId, epoch };
    },
  })),
  wrong(
    'counts epochs from the beginning after a release',
    'owner/released-run-taken',
    (inner, database) => ({
      async release(lease) {
        await inner.release(lease);
        const log = database.logs.get(lease.logId);
        if (log !== undefined) log.epoch = 0;
      },
    }),
  ),
  wrong('never lets a lease end', 'owner/ended-lease-taken', (inner, database) => ({
    async acquire(logId) {
      for (const [handle, owner] of database.owners)
        database.owners.set(handle, { ...owner, expiresAt: endOfTime });
      return inner.acquire(logId);
    },
  })),
  wrong(
    'lets a late release free the run of the successor',
    'owner/late-release-changes-nothing',
    (inner, database) => ({
      async release(lease) {
        await inner.release(lease);
        const log = database.logs.get(lease.logId);
        if (log !== undefined) log.owner = null;
      },
    }),
  ),
  wrong('does not take a commit for a sign of life', 'owner/commit-renews', (inner, database) => ({
    async commit(parts, records) {
      const before = new Map(database.owners);
      const heads = await inner.commit(parts, records);
      for (const [handle, owner] of before) database.owners.set(handle, owner);
      return heads;
    },
  })),
  wrong('renews nothing', 'owner/renewed-lease-held', () => ({ renew: async () => undefined })),
  wrong('keeps what it owned when it is closed', 'owner/closed-handle-frees', (inner, database) => ({
    async close() {
      const owned = Array.from(database.logs, ([id, { owner }]) => [id, owner] as const);
      const owners = new Map(database.owners);
      await inner.close();
      for (const [id, owner] of owned) {
        const log = database.logs.get(id);
        if (log !== undefined) log.owner = owner;
      }
      for (const [handle, owner] of owners) database.owners.set(handle, owner);
    },
  })),
  wrong('gives a session to its owner alone', 'owner/session-takes-everybody', (inner) => ({
    async commit(parts, records) {
      for (const { logId, epoch } of parts) {
        const info = await inner.info(logId);
        if (info !== undefined && epoch === null && info.epoch > 0) throw new FencedError(refusal);
      }
      return inner.commit(parts, records);
    },
  })),
  wrong('asks a run that was released for no epoch', 'owner/unowned-run-takes-no-epoch', (inner) => ({
    async commit(parts, records) {
      const free = [];
      for (const part of parts) {
        const info = await inner.info(part.logId);
        const isFree = part.epoch === null && info !== undefined && info.owner === null;
        free.push(isFree ? { ...part, epoch: info.epoch } : part);
      }
      return inner.commit(free, records);
    },
  })),
  wrong('lets a dead owner write when nobody else does', 'crash/owner-is-replaced', (inner) => ({
    async commit(parts, records) {
      const lenient = [];
      for (const part of parts) {
        const info = await inner.info(part.logId);
        const isSame = info !== undefined && part.epoch === info.epoch - 1 && info.head.seq > 0;
        lenient.push(isSame ? { ...part, epoch: info.epoch } : part);
      }
      return inner.commit(lenient, records);
    },
  })),
];
