/** Decides how a query is asked through its reference: checked once, and every failure that leaves it has a code. */
import { checkRef, coded, type Ref } from '../ref.ts';
import type { QueryImplementation, SessionQuery } from './port.ts';

const operations = [
  'searchSessions',
  'searchMessages',
  'getSessionStats',
  'searchRuns',
  'getUsageSummary',
  'getCostSummary',
  'searchEvents',
  'countEvents',
  'exportSession',
] as const satisfies readonly (keyof SessionQuery)[];

/** The questions that a reference answers. Throws `ValidationError` for anything that is no `[implementation, context]`. */
export function sessionQuery<Context>(ref: Ref<QueryImplementation<Context>, Context>): SessionQuery {
  checkRef(ref, { name: 'query', operations });
  const [implementation, context] = ref;
  const ask = <Result>(work: () => Promise<Result>): Promise<Result> => coded('query_error', work);
  return {
    searchSessions: (filter = {}) => ask(() => implementation.searchSessions(context, filter)),
    searchMessages: (search) => ask(() => implementation.searchMessages(context, search)),
    getSessionStats: (sessionId) => ask(() => implementation.getSessionStats(context, sessionId)),
    searchRuns: (filter = {}) => ask(() => implementation.searchRuns(context, filter)),
    getUsageSummary: (filter = {}) => ask(() => implementation.getUsageSummary(context, filter)),
    getCostSummary: (filter = {}) => ask(() => implementation.getCostSummary(context, filter)),
    searchEvents: (search = {}) => ask(() => implementation.searchEvents(context, search)),
    countEvents: (filter = {}) => ask(() => implementation.countEvents(context, filter)),
    exportSession: (sessionId, options = {}) =>
      ask(() => implementation.exportSession(context, sessionId, options)),
  };
}
