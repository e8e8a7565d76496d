/**
 * Cases of a killed process, asked of the session store by a process that was started afterwards: what was acknowledged is there, whole
 * and once, and the next process goes on. They are asked in this order, of the same store.
 */
import type { SessionStore, SessionStoreCapabilities } from '../../../sessions/index.ts';
import { expectEqual, expectTrue } from '../../expect.ts';
import type { Death } from '../../store/kill/kill-cases.ts';
import { allEvents, idsOf, numbersOf } from '../samples.ts';
import { declaresSession, type OptionalSessionPromise } from '../session-case.ts';
import {
  lifeEvents,
  noSession,
  type SessionKillWrite,
  sessionKillWrites,
  type SessionStand,
  standOf,
} from './session-kill-script.ts';

export interface SessionKillContext {
  readonly store: SessionStore;
  readonly death: Death;
}

export interface SessionKillCase {
  readonly id: string;
  readonly group: 'kill';
  readonly why: string;
  /** What the store has to declare. Without `durability` every case asks whether it is empty instead. */
  readonly needs: Extract<OptionalSessionPromise, 'durability' | 'atomicCommit'>;
  readonly run: (context: SessionKillContext) => Promise<void>;
  /** Asked of a durable store that does not declare what the case needs. */
  readonly undeclared: ((context: SessionKillContext) => Promise<void>) | null;
}

type CaseBody = Pick<SessionKillCase, 'why' | 'run'> & Partial<Pick<SessionKillCase, 'needs' | 'undeclared'>>;

function killCase(
  name: string,
  { why, run, needs = 'durability', undeclared = null }: CaseBody,
): SessionKillCase {
  return { id: `kill/${name}`, group: 'kill', why, needs, run, undeclared };
}

function standAfter(count: number): SessionStand {
  return sessionKillWrites[count - 1]?.stand ?? noSession;
}

const stages = ['pending', 'active', 'running', 'completed'] as const;

/** True when a state is at least as far as another. */
function isAsFar(found: string | null, least: string | null): boolean {
  const stageOf = (status: string | null): number => stages.findIndex((stage) => stage === status);
  return stageOf(found) >= stageOf(least);
}

/** At most what was begun, and at least what was acknowledged. */
async function isBetween({ store, death }: SessionKillContext): Promise<void> {
  const found = await standOf(store);
  const [least, most] = [standAfter(death.acknowledged), standAfter(death.begun)];
  expectTrue(found.events >= least.events, `${least.events} events and not ${found.events}, ${death.moment}`);
  expectTrue(
    found.events <= most.events,
    `at most ${most.events} events and not ${found.events}, ${death.moment}`,
  );
  expectTrue(
    isAsFar(found.session, least.session),
    `a session that is ${least.session} and not ${found.session}, ${death.moment}`,
  );
  expectTrue(
    isAsFar(found.run, least.run),
    `a run that is ${least.run} and not ${found.run}, ${death.moment}`,
  );
}

/** What the dead one did not come to, and what it was not sure of. */
async function unsureWrites({ store }: SessionKillContext): Promise<readonly SessionKillWrite[]> {
  const found = await standOf(store);
  return sessionKillWrites.filter(({ stand }) => {
    const isThere = found.events >= stand.events && isAsFar(found.session, stand.session);
    return !(isThere && isAsFar(found.run, stand.run));
  });
}

/** All kill cases for session stores. */
export const sessionKillCases: readonly SessionKillCase[] = [
  killCase('acknowledged-is-there', {
    why: 'An agent was paid on the strength of an acknowledged event: what was acknowledged is never asked for again.',
    run: isBetween,
  }),
  killCase('nothing-is-torn', {
    why: 'What is left of a session must read as one: numbers without gaps, each event once and as it was handed in.',
    async run({ store, death }) {
      const found = await allEvents(store);
      const expected = lifeEvents()
        .slice(0, found.length)
        .map((event, index) => ({ ...event, sequenceNumber: index + 1 }));
      expectEqual(found, expected, `the events, ${death.moment}`);
      expectEqual(await store.getLatestSequence('s1'), found.length, `the counter, ${death.moment}`);
    },
  }),
  killCase('rows-and-events-together', {
    why: 'A run that is completed without its last events, or the events without the row, cannot be told from a mistake.',
    needs: 'atomicCommit',
    async run({ store, death }) {
      const found = JSON.stringify(await standOf(store));
      const stands = [death.acknowledged, death.begun].map((count) => JSON.stringify(standAfter(count)));
      expectTrue(stands.includes(found), `${stands.join(' or ')} and not ${found}, ${death.moment}`);
    },
    undeclared: isBetween,
  }),
  killCase('sent-again-nothing-changes', {
    why: 'Whoever is not sure that an event was stored sends it again, and must not find it twice.',
    async run({ store, death }) {
      const { events } = await standOf(store);
      const stored = await store.appendEvents(lifeEvents().slice(0, events));
      const numbers = Array.from({ length: events }, (_, index) => index + 1);
      expectEqual(numbersOf(stored), numbers, `the numbers, ${death.moment}`);
      expectEqual(await store.getLatestSequence('s1'), events, `the counter, ${death.moment}`);
    },
  }),
  killCase('goes-on-to-the-same-end', {
    why: 'After a crash the program does again what it is not sure of, and must come to the same session.',
    async run(context) {
      const { store, death } = context;
      for (const write of await unsureWrites(context)) await write.run(store);
      expectEqual(await standOf(store), standAfter(sessionKillWrites.length), `the end, ${death.moment}`);
      expectEqual(
        idsOf(await allEvents(store)),
        idsOf(lifeEvents()),
        `the events at the end, ${death.moment}`,
      );
    },
  }),
];

async function isEmpty({ store, death }: SessionKillContext): Promise<void> {
  expectEqual(await store.listSessions(), [], `the sessions of a store in memory, ${death.moment}`);
}

export function isSessionPromise(
  { needs }: SessionKillCase,
  capabilities: SessionStoreCapabilities,
): boolean {
  return declaresSession(capabilities, 'durability') && declaresSession(capabilities, needs);
}

/** Which side of a case is asked of a store that declares this. */
export function sideOfSession(
  sessionCase: SessionKillCase,
  capabilities: SessionStoreCapabilities,
): SessionKillCase['run'] {
  if (!declaresSession(capabilities, 'durability')) return isEmpty;
  return isSessionPromise(sessionCase, capabilities) ? sessionCase.run : (sessionCase.undeclared ?? isEmpty);
}
