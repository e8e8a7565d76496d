/** Decides what a look at a young store shows whose every table was in the -wal file and is lost with it: the loss, and no rows. */
import type { StoredRows } from '../../../../log/index.ts';

/** `refuseMend` says why nothing is written beside such files. */
export function lostRows(location: string, lostTail: string, refuseMend: () => Error): StoredRows {
  const none = async (): Promise<readonly never[]> => [];
  return {
    location,
    ground: async () => [{ kind: 'lost-tail', what: `${lostTail} The file itself holds no table.` }],
    size: async () => ({ logs: 0, events: 0 }),
    logs: none,
    log: async () => undefined,
    events: none,
    hashAt: async () => null,
    strays: none,
    records: none,
    record: async () => undefined,
    owners: none,
    mend: async () => {
      throw refuseMend();
    },
    close: async () => undefined,
  };
}
