/** Decides which cases there are, in the order in which failures should be read: a later group builds on the ones before. */
import { appendCases } from './append-cases.ts';
import { crashCases } from './crash-cases.ts';
import { flushCases } from './flush-cases.ts';
import { handleCases } from './handle-cases.ts';
import { readingCases } from './reading-cases.ts';
import { runRowCases } from './run-row-cases.ts';
import type { SessionCase } from './session-case.ts';
import { sessionRowCases } from './session-row-cases.ts';
import { stateCases } from './state-cases.ts';
import { togetherCases } from './together-cases.ts';
import { waitCases } from './wait-cases.ts';

/** All cases for session stores. */
export const allSessionCases: readonly SessionCase[] = [
  ...sessionRowCases,
  ...runRowCases,
  ...appendCases,
  ...readingCases,
  ...flushCases,
  ...stateCases,
  ...waitCases,
  ...togetherCases,
  ...handleCases,
  ...crashCases,
];
