// How many events a second does a session store append: one after the other, many at once, in batches, and while others wait?
import type { OpenSessionStore, SessionEvent } from '../../src/sessions/index.ts';
import { type Case, interleave, type Line, rate, timedCpu } from '../harness.ts';
import { pieces } from './agent-turns.ts';
import { placeNames, type PlaceName, type Places } from './places.ts';

type Append = (store: OpenSessionStore, events: readonly SessionEvent[]) => Promise<void>;

interface Question {
  readonly what: string;
  readonly append: Append;
  readonly events: Readonly<Record<PlaceName, number>>;
  readonly polls?: number;
  /** Figures of the Elixir original in memory, two cores. */
  readonly elixir?: string;
}

const oneByOne: Append = async (store, events) => {
  for (const event of events) await store.appendEventWithSequence(event);
};

/** As a program that does not wait for each: at most so many are under way. */
function atOnce(width: number): Append {
  return async (store, events) => {
    for (let start = 0; start < events.length; start += width) {
      const group = events.slice(start, start + width);
      await Promise.all(group.map((event) => store.appendEventWithSequence(event)));
    }
  };
}

function inBatches(size: number): Append {
  return async (store, events) => {
    for (let start = 0; start < events.length; start += size) {
      await store.appendEvents(events.slice(start, start + size));
    }
  };
}

const few = { memory: 20_000, SQLite: 2000, PostgreSQL: 1000 } as const;
const many = { memory: 50_000, SQLite: 20_000, PostgreSQL: 5000 } as const;

const questions: readonly Question[] = [
  { what: 'one by one', append: oneByOne, events: few, elixir: '158-176k' },
  { what: '100 at once', append: atOnce(100), events: many },
  { what: 'batches of 100', append: inBatches(100), events: many, elixir: '233-255k' },
  { what: 'batches of 1,000', append: inBatches(1000), events: many },
  {
    what: 'one by one, 100 idle long polls',
    append: oneByOne,
    events: few,
    polls: 100,
    elixir: '2k with one',
  },
];

function caseOf(name: string, question: Question, place: PlaceName, places: Places): Case {
  const { append, events, polls = 0 } = question;
  return {
    name,
    run: async () => {
      const store = await places.open(place);
      const ready = pieces('s', events[place]);
      await store.appendEvents(pieces('s', 1));
      // They wait for a type that nobody appends, and end with the store.
      const waiting = Array.from({ length: polls }, () =>
        store.getEvents('s', { type: 'run_failed', waitTimeoutMs: 600_000 }),
      );
      if (polls > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const taken = await timedCpu(() => append(store, ready));
      await store.close();
      await Promise.all(waiting);
      return { units: ready.length, ...taken };
    },
  };
}

export async function benchAppending(places: Places, rounds: number): Promise<readonly Line[]> {
  const named = placeNames.flatMap((place) =>
    questions.map((question) => {
      const beside =
        question.elixir === undefined || place !== 'memory' ? '' : ` (Elixir ${question.elixir})`;
      const name = `sessions, ${place}, ${question.what}${beside}`;
      return { name, run: caseOf(name, question, place, places).run, question, place };
    }),
  );
  const results = await interleave(named, rounds);
  const resultOf = (
    place: PlaceName,
    what: string | undefined,
  ): { perSecond: number; perCpuSecond: number } => {
    const found = named.find((one) => one.place === place && one.question.what === what);
    return results.get(found?.name ?? '') ?? { perSecond: Number.NaN, perCpuSecond: Number.NaN };
  };
  return named.map(({ name, place, question }): Line => {
    const { perSecond, perCpuSecond } = resultOf(place, question.what);
    const isFirst = question === questions[0];
    const ratio = perSecond / resultOf(place, questions[0]?.what).perSecond;
    const what = `${name} (${rate(perCpuSecond)} of processor time)`;
    // Beside one by one in the same place.
    return { what, figure: rate(perSecond), ...(isFirst ? {} : { ratio }) };
  });
}
