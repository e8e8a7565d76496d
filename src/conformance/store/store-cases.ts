/** Decides which cases there are, in the order in which failures should be read: a later group builds on the ones before. */
import { appendCases } from './append-cases.ts';
import { chainCases } from './chain-cases.ts';
import { closeCases } from './close-cases.ts';
import { conflictCases } from './conflict-cases.ts';
import { crashCases } from './crash/crash-cases.ts';
import { createCases } from './create-cases.ts';
import { detachCases } from './detach-cases.ts';
import { forkCases } from './fork-cases.ts';
import { limitCases } from './limit-cases.ts';
import { modelCases } from './model/model-cases.ts';
import { openCases } from './open-cases.ts';
import { orderCases } from './order-cases.ts';
import { ownershipCases } from './ownership-cases.ts';
import { readCases } from './read-cases.ts';
import { recordCases } from './record-cases.ts';
import { reopenCases } from './reopen-cases.ts';
import { retryCases } from './retry-cases.ts';
import { scanCases } from './scan-cases.ts';
import { snapshotCases } from './snapshot-cases.ts';
import type { StoreCase } from './store-case.ts';
import { tailCases } from './tail-cases.ts';
import { textCases } from './text-cases.ts';
import { exportCases } from './two-stores/export-cases.ts';
import { twinCases } from './two-stores/twin-cases.ts';
import { writerCases } from './writer-cases.ts';

/** All cases for stores. */
export const allStoreCases: readonly StoreCase[] = [
  ...openCases,
  ...createCases,
  ...appendCases,
  ...orderCases,
  ...conflictCases,
  ...retryCases,
  ...limitCases,
  ...textCases,
  ...chainCases,
  ...readCases,
  ...scanCases,
  ...forkCases,
  ...detachCases,
  ...recordCases,
  ...snapshotCases,
  ...ownershipCases,
  ...writerCases,
  ...tailCases,
  ...closeCases,
  ...reopenCases,
  ...exportCases,
  ...twinCases,
  ...modelCases,
  ...crashCases,
];
