/** The cases of pages: that they are the whole answer, that a cursor belongs to its question, and what no question may ask. */
import { InvalidPageCursorError, type SessionQuery, ValidationError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal, UnmetExpectation } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { asked, idsOf, type QueryPlace } from './query-place.ts';

interface Page {
  readonly ids: readonly string[];
  readonly cursor: string | null;
}
type Ask = (options: { readonly limit?: number; readonly cursor?: string }) => Promise<Page>;

function everyOrder(query: SessionQuery): readonly (readonly [string, Ask])[] {
  const sessions = ['updated_at_desc', 'created_at_asc', 'created_at_desc'] as const;
  const runs = ['started_at_asc', 'started_at_desc', 'token_usage_desc'] as const;
  const events = ['sequence_asc', 'timestamp_asc', 'timestamp_desc'] as const;
  return [
    ...sessions.map((orderBy): readonly [string, Ask] => [
      `sessions by ${orderBy}`,
      async (options) => {
        const page = await query.searchSessions({ orderBy, ...options });
        expectEqual(page.totalCount, 3, 'how many there are in all, on any page');
        return { ids: idsOf(page.sessions), cursor: page.cursor };
      },
    ]),
    ...runs.map((orderBy): readonly [string, Ask] => [
      `runs by ${orderBy}`,
      async (options) => {
        const page = await query.searchRuns({ orderBy, ...options });
        return { ids: idsOf(page.runs), cursor: page.cursor };
      },
    ]),
    ...events.map((orderBy): readonly [string, Ask] => [
      `events by ${orderBy}`,
      async (options) => {
        const page = await query.searchEvents({ orderBy, ...options });
        return { ids: idsOf(page.events), cursor: page.cursor };
      },
    ]),
    [
      'messages',
      async (options) => {
        const page = await query.searchMessages({ text: 'heron', ...options });
        return { ids: page.matches.map(({ session }) => session.id), cursor: page.cursor };
      },
    ],
  ];
}

/** Page after page until nothing comes. */
async function walked(ask: Ask, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ids.length < 100;) {
    const page = await ask({ limit, ...(cursor === undefined ? {} : { cursor }) });
    if (page.ids.length > limit) throw new UnmetExpectation(`a page of ${limit} holds ${page.ids.length}`);
    if (page.cursor === null) return ids;
    ids.push(...page.ids);
    ({ cursor } = page);
  }
  throw new UnmetExpectation('the pages have no end');
}

/** Every place of a cursor is turned once, and a few longer ones are tried. */
function tampered(cursor: string): readonly string[] {
  const turned = Array.from(cursor, (character, index) => {
    const other = character === 'A' ? 'B' : 'A';
    return cursor.slice(0, index) + other + cursor.slice(index + 1);
  });
  return [
    ...turned,
    '',
    'garbage',
    cursor.slice(0, -4),
    `${cursor}AAAA`,
    cursor + cursor,
    'A'.repeat(100_000),
  ];
}

export const pageCases: readonly PortCase<QueryPlace>[] = portCases<QueryPlace>('pages', {
  'are-the-whole-answer': {
    why: 'Whoever reads page by page must see each thing once, and none of them twice.',
    run: async (context) => {
      const query = await asked(context);
      for (const [name, ask] of everyOrder(query)) {
        const { ids } = await ask({});
        for (const limit of [1, 2]) expectEqual(await walked(ask, limit), ids, `${name}, ${limit} a page`);
      }
    },
  },
  'stay-when-something-is-written': {
    why: 'A list that is read while agents work must not repeat itself or leave something out.',
    run: async (context) => {
      const query = await asked(context);
      const { place } = context;
      const first = await query.searchSessions({ orderBy: 'created_at_asc', limit: 1 });
      const session = await place.store.getSession('a');
      await place.store.saveSession({ ...session, id: 'late', version: null });
      const next = await query.searchSessions({
        orderBy: 'created_at_asc',
        limit: 10,
        ...(first.cursor === null ? {} : { cursor: first.cursor }),
      });
      expectEqual(
        idsOf(next.sessions).filter((id) => id !== 'late'),
        ['a/b', 'c'],
        'what comes behind the first page',
      );
    },
  },
  'cursor-belongs-to-its-question': {
    why: 'A cursor that is used with another filter leaves out what nobody has seen.',
    run: async (context) => {
      const query = await asked(context);
      const { cursor } = await query.searchSessions({ limit: 1 });
      if (cursor === null) throw new UnmetExpectation('a page that is not empty has a cursor');
      const wrong: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['another order', () => query.searchSessions({ cursor, orderBy: 'created_at_asc' })],
        ['another filter', () => query.searchSessions({ cursor, agentId: 'bob' })],
        ['runs', () => query.searchRuns({ cursor })],
        ['events', () => query.searchEvents({ cursor })],
        ['messages', () => query.searchMessages({ cursor, text: 'heron' })],
      ];
      for (const [name, answer] of wrong) await expectRefusal(answer(), InvalidPageCursorError, name);
    },
  },
  'cursor-cannot-be-made-up': {
    why: 'A cursor comes back from outside: one that somebody has changed must not be read as a place.',
    run: async (context) => {
      const query = await asked(context);
      const { cursor } = await query.searchSessions({ limit: 1 });
      if (cursor === null) throw new UnmetExpectation('a page that is not empty has a cursor');
      for (const wrong of tampered(cursor)) {
        const answer = query.searchSessions({ limit: 1, cursor: wrong });
        await expectRefusal(answer, InvalidPageCursorError, `cursor ${JSON.stringify(wrong.slice(0, 80))}`);
      }
    },
  },
  'limits-are-whole-and-bounded': {
    why: 'A limit that is silently changed answers another question; one without an end reads everything.',
    run: async (context) => {
      const query = await asked(context);
      for (const limit of [0, -1, 1.5, 1001, Number.NaN, Infinity]) {
        for (const answer of [
          () => query.searchSessions({ limit }),
          () => query.searchRuns({ limit }),
          () => query.searchEvents({ limit }),
          () => query.searchMessages({ text: 'heron', limit }),
        ])
          await expectRefusal(answer(), ValidationError, `a limit of ${limit}`);
      }
    },
  },
});
