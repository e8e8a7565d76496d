// Decides when the runs of a test are verified: after it, whichever test it is.
import { afterEach } from 'vitest';
import { settleWitnessed } from './verified-runs.ts';

afterEach(settleWitnessed);
