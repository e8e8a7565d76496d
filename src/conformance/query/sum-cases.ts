/** The cases of what is counted and summed, and of everything that there is of one session. */
import { SessionNotFoundError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { asked, at, idsOf, type QueryPlace } from './query-place.ts';

export const sumCases: readonly PortCase<QueryPlace>[] = portCases<QueryPlace>('sums', {
  'figures-of-a-session': {
    why: 'What a page says of a session at its top is what people decide by.',
    run: async (context) => {
      const query = await asked(context);
      expectEqual(
        await query.getSessionStats('a'),
        {
          eventCount: 3,
          runCount: 2,
          tokenTotals: { input: 1010, output: 500, total: 1510 },
          providersUsed: ['claude', 'codex'],
          firstEventAt: at(30),
          lastEventAt: at(40),
          statusCounts: { completed: 1, failed: 1 },
        },
        'the figures of a session',
      );
      const { eventCount, firstEventAt } = await query.getSessionStats('gone');
      expectEqual([eventCount, firstEventAt], [0, null], 'a session without events');
      await expectRefusal(query.getSessionStats('nobody'), SessionNotFoundError, 'an unknown session');
    },
  },
  'what-was-used': {
    why: 'Tokens are what is paid for: a run that is counted twice, or under nobody, is a wrong bill.',
    run: async (context) => {
      const query = await asked(context);
      const { byProvider, groups: _groups, ...totals } = await query.getUsageSummary();
      expectEqual(
        totals,
        {
          totalInputTokens: 1_001_010,
          totalOutputTokens: 507,
          totalTokens: 1500 + 10 + 1_000_007 + 42,
          runCount: 5,
        },
        'in all',
      );
      expectEqual(
        byProvider,
        {
          claude: { inputTokens: 1_001_000, outputTokens: 507, totalTokens: 1_001_507, runCount: 2 },
          codex: { inputTokens: 10, outputTokens: 0, totalTokens: 10, runCount: 1 },
          unknown: { inputTokens: 0, outputTokens: 0, totalTokens: 42, runCount: 2 },
        },
        'by provider',
      );
      const { groups } = await query.getUsageSummary({ by: 'agent', since: at(2) });
      expectEqual(
        groups.map(({ key, runCount }) => [key, runCount]),
        [
          ['alice', 3],
          ['bob', 1],
        ],
        'by agent, of runs since a moment',
      );
      expectEqual((await query.getUsageSummary({ sessionId: 'nobody' })).runCount, 0, 'of nobody');
    },
  },
  'what-it-cost': {
    why: 'Money is exact: a tenth that is summed as a fraction of two is a bill that nobody can check.',
    run: async (context) => {
      const query = await asked(context);
      const { totalCostUsd, unmappedRuns, byProvider } = await query.getCostSummary();
      expectEqual([totalCostUsd, unmappedRuns], ['0.3000001', 2], 'in all');
      expectEqual(
        byProvider,
        {
          claude: { costUsd: '0.1', runCount: 2 },
          codex: { costUsd: '0.2', runCount: 1 },
          unknown: { costUsd: '0.0000001', runCount: 2 },
        },
        'by provider',
      );
      const byName = ({ model }: { readonly model: string | null }): string => model ?? '';
      const { unmapped } = await query.getCostSummary({ by: 'day' });
      expectEqual(
        unmapped.toSorted((left, right) => (byName(left) < byName(right) ? -1 : 1)),
        [
          { provider: null, model: null, runCount: 1, tokens: 0 },
          { provider: 'claude', model: 'claude-sonnet-4-5', runCount: 1, tokens: 1_000_007 },
        ],
        'what has neither a cost nor rates',
      );
      const rates = { input: '3', output: '15', cacheRead: '0.3', cacheWrite: '3.75' };
      const prices = [{ providers: ['claude'], model: 'claude-sonnet-4', from: null, rates }];
      const priced = await query.getCostSummary({ prices, by: 'model' });
      expectEqual(priced.totalCostUsd, '3.3301051', 'with the rates of a model');
      expectEqual(priced.byModel['claude-sonnet-4-5']?.costUsd, '3.130105', 'of that model');
    },
  },
  'export-has-everything': {
    why: 'An export is what is handed to somebody who asks for all that is known.',
    run: async (context) => {
      const query = await asked(context);
      const { session, runs, events } = await query.exportSession('a');
      expectEqual(
        [session.id, idsOf(runs), idsOf(events)],
        ['a', ['r1', 'r2'], ['e1', 'e2', 'e3']],
        'all of it',
      );
      expectEqual((await query.exportSession('gone')).session.deletedAt, at(5), 'one that is marked');
      await expectRefusal(query.exportSession('nobody'), SessionNotFoundError, 'an unknown session');
    },
  },
});
