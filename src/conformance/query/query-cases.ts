/** All cases of the kit of questions, in the order in which a failure is best read. */
import type { SessionQuery } from '../../sessions/index.ts';
import type { PortCase } from '../ports/port-case.ts';
import { refCases } from '../ports/ref-cases.ts';
import { filterCases } from './filter-cases.ts';
import { pageCases } from './page-cases.ts';
import { openQuery, type QueryPlace } from './query-place.ts';
import { sumCases } from './sum-cases.ts';

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

async function callAll(query: SessionQuery): Promise<void> {
  await query.searchSessions();
  await query.searchMessages({ text: 'heron' });
  await query.searchRuns();
  await query.getUsageSummary();
  await query.getCostSummary();
  await query.searchEvents();
  await query.countEvents();
  // Nobody is there; that the question was asked is what counts.
  await query.getSessionStats('nobody').catch(() => null);
  await query.exportSession('nobody').catch(() => null);
}

/** What every implementation of the questions has to do. */
export const queryCases: readonly PortCase<QueryPlace>[] = [
  ...refCases<QueryPlace, SessionQuery>(({ query }) => ({
    ref: query,
    operations,
    open: openQuery,
    callAll,
  })),
  ...filterCases,
  ...pageCases,
  ...sumCases,
];
