/** Decides which implementation answers over the stores of this package. */
import type { QueryContext } from './context.ts';
import { exportSession, getSessionStats } from './one-session.ts';
import type { QueryImplementation } from './port.ts';
import { countEvents, searchEvents } from './search-events.ts';
import { searchMessages } from './search-messages.ts';
import { searchRuns } from './search-runs.ts';
import { searchSessions } from './search-sessions.ts';
import { getCostSummary, getUsageSummary } from './summaries.ts';

/** Holds nothing: what it works on is the context. */
export const logQuery: QueryImplementation<QueryContext> = Object.freeze({
  searchSessions,
  searchMessages,
  getSessionStats,
  searchRuns,
  getUsageSummary,
  getCostSummary,
  searchEvents,
  countEvents,
  exportSession,
});
