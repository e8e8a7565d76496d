/**
 * Decides what two processes write into one session at the same time, and what has to be true of it afterwards, asked by a third. A
 * store that is not shared is written by one after the other.
 */
import { countingMint, type SessionEvent, type SessionStore } from '../../../sessions/index.ts';
import { expectEqual, expectTrue } from '../../expect.ts';
import { allEvents, countTo, numbersOf, sampleEvent, sampleEvents } from '../samples.ts';

export const togetherWriters = ['p', 'q'] as const;
const rounds = 10;
const batchSize = 5;

function batchOf(writer: string, round: number): readonly SessionEvent[] {
  return sampleEvents(countingMint(), batchSize, `${writer}${round}-`);
}

/** An event that both deliver. */
function sharedEvent(round: number): SessionEvent {
  return sampleEvent(countingMint(), `shared${round}`);
}

export async function writeTogether(store: SessionStore, writer: string): Promise<void> {
  for (const round of countTo(rounds)) {
    const stored = await store.appendEvents(batchOf(writer, round));
    const [first = 0] = numbersOf(stored).map(Number);
    const expected = countTo(batchSize).map((index) => first + index - 1);
    expectEqual(numbersOf(stored), expected, `the answers to batch ${round} of ${writer}`);
    await store.appendEvent(sharedEvent(round));
  }
}

export interface TogetherCase {
  readonly id: string;
  readonly group: 'processes';
  readonly why: string;
  run(store: SessionStore): Promise<void>;
}

function together(name: string, why: string, run: TogetherCase['run']): TogetherCase {
  return { id: `processes/${name}`, group: 'processes', why, run };
}

/** All cases for runs and sessions in one place. */
export const togetherCases: readonly TogetherCase[] = [
  together(
    'every-number-once',
    'Two processes write one session, and nothing of either is lost.',
    async (store) => {
      const events = await allEvents(store);
      const all = rounds * (togetherWriters.length * batchSize + 1);
      expectEqual(numbersOf(events), countTo(all), 'the numbers');
    },
  ),
  together(
    'batches-in-one-piece',
    'A batch is one turn of an agent: what another writes must not stand inside of it.',
    async (store) => {
      const ids = (await allEvents(store)).map(({ id }) => id);
      for (const writer of togetherWriters) {
        let last = -1;
        for (const round of countTo(rounds)) {
          const wanted = batchOf(writer, round).map(({ id }) => id);
          const at = ids.indexOf(wanted[0] ?? '');
          expectEqual(ids.slice(at, at + batchSize), wanted, `batch ${round} of ${writer}`);
          expectTrue(at > last, `batch ${round} of ${writer} stands behind the one before`);
          last = at;
        }
      }
    },
  ),
  together(
    'one-event-from-both',
    'An event that two processes deliver at once is still one event.',
    async (store) => {
      const ids = (await allEvents(store)).map(({ id }) => id).filter((id) => id.startsWith('shared'));
      expectEqual(
        [...ids].sort(),
        countTo(rounds)
          .map((round) => sharedEvent(round).id)
          .sort(),
        'the shared events',
      );
    },
  ),
];
