// Decides which wrong stores the kit has to catch. Each breaks one promise in a way that somebody could really build.
import type { WrongStore } from './wrong-store.ts';
import { wrongLogs } from './wrong-logs.ts';
import { wrongOwners } from './wrong-owners.ts';
import { wrongPromises } from './wrong-promises.ts';
import { wrongReads } from './wrong-reads.ts';
import { wrongRecords } from './wrong-records.ts';
import { wrongTails } from './wrong-tails.ts';
import { wrongWrites } from './wrong-writes.ts';

export const allWrongStores: readonly WrongStore[] = [
  ...wrongWrites,
  ...wrongReads,
  ...wrongLogs,
  ...wrongRecords,
  ...wrongOwners,
  ...wrongTails,
  ...wrongPromises,
];
