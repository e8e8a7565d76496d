// How many events a second does a session store append: one after the other, many at once, in batches, and while others wait?
import type { OpenSessionStore, SessionEvent } from '../../src/sessions/index.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timedCpu } from '../harness/measure.ts';
import { median } from '../harness/statistics.ts';
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

export async function benchAppending(places: Places, rounds: number): Promise<readonly Figure[]> {
  const named = placeNames.flatMap((place) =>
    questions.map((question) => ({ question, place, name: `${place}, ${question.what}` })),
  );
  const found = await interleave(
    named.map(({ name, question, place }) => caseOf(name, question, place, places)),
    rounds,
  );
  const beside = questions[0]?.what ?? '';
  return named.map(({ name, place, question }) => {
    const isFirst = question.what === beside;
    const { perSecond, perCpuSecond } = found.of(name);
    const elixir = question.elixir === undefined || place !== 'memory' ? '' : `; Elixir ${question.elixir}`;
    return figureOf({
      id: `sessions/append-${place}-${question.what}`.toLowerCase().replaceAll(/[ ,]+/g, '-'),
      what: `sessions, ${name} (${Math.round(median(perCpuSecond)).toLocaleString('en-US')}/s of processor time${elixir})`,
      unit: 'events/s',
      samples: perSecond,
      ...(isFirst ? {} : { ratio: { of: beside, samples: found.ratios(name, `${place}, ${beside}`) } }),
    });
  });
}
