// Decides what the error page of a diverged run shows: the report of a run whose behavior was changed.
import type { VerifyReport } from '../src/app/index.ts';

export const divergedReport: VerifyReport = {
  runId: 'run_x',
  events: 10,
  verified: 5,
  invocations: 2,
  calls: 0,
  divergence: {
    kind: 'payload_mismatch',
    seq: 6,
    eventId: 'evt_006',
    eventType: 'patch.applied',
    field: 'payload.patch.value.status',
    expected: 'open',
    actual: 'done',
    behavior: 'marker',
    causeChain: [
      { eventId: 'evt_006', type: 'patch.applied', actor: 'marker' },
      { eventId: 'evt_003', type: 'object.created', actor: 'planner' },
      { eventId: 'evt_001', type: 'goal.created', actor: 'user' },
    ],
    probablyChanged: ["the code of behavior 'marker'"],
  },
};
