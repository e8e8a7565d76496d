/**
 * Cases of a killed process, asked of the store by a process that was started afterwards: what was acknowledged is there, whole and
 * once, and the next writer goes on. They are asked in this order, of the same store.
 */
import { isStructuredError, type Sha256, type Sleep } from '../../../base/index.ts';
import {
  FencedError,
  type Lease,
  type LogInfo,
  type LogStore,
  RunOwnedError,
  type StoreCapabilities,
} from '../../../log/index.ts';
import { expectEqual, expectRefusal, expectTrue, UnmetExpectation } from '../../expect.ts';
import { appendAt, asStored, chainOf, readAll } from '../sample-log.ts';
import type { CaseKind } from '../run/store-report.ts';
import { declares, type OptionalPromise } from '../store-case.ts';
import { killedDocument, killedRun, killEvents, type KillWrite, type Life } from './kill-script.ts';

/** How far a process came. */
export interface Death {
  /** When it was killed, in words. */
  readonly moment: string;
  /** Writes that were begun, and those of them that were acknowledged: as many, or one less. */
  readonly begun: number;
  readonly acknowledged: number;
}

/** What a case of a kill looks at afterwards. */
export interface KillContext {
  readonly store: LogStore;
  readonly death: Death;
  readonly writes: readonly KillWrite[];
  /** The claim of the process that asks: taken by one case, used by the next. */
  readonly life: Life;
  /** How long a claim of the dead may last. */
  readonly leaseMs: number;
  readonly sha256: Sha256;
  readonly sleep: Sleep;
}

/** One promise about what a killed process leaves. */
export interface KillCase {
  readonly id: string;
  readonly group: 'kill';
  readonly why: string;
  /** What the store has to declare. Without `durability` every case asks whether it is empty instead. */
  readonly needs: OptionalPromise;
  readonly run: (context: KillContext) => Promise<void>;
  /** Asked of a durable store that does not declare what the case needs. */
  readonly undeclared: ((context: KillContext) => Promise<void>) | null;
}

type CaseBody = Pick<KillCase, 'why' | 'run'> & Partial<Pick<KillCase, 'needs' | 'undeclared'>>;

function killCase(name: string, { why, run, needs = 'durability', undeclared = null }: CaseBody): KillCase {
  return { id: `kill/${name}`, group: 'kill', why, needs, run, undeclared };
}

/** Which side of a case has to hold for a store that declares this. */
export function kindOfKillCase({ needs }: KillCase, capabilities: StoreCapabilities): CaseKind {
  return declares(capabilities, 'durability') && declares(capabilities, needs) ? 'promise' : 'refusal';
}

/** A store that lives with its process does not pretend. */
async function isEmpty({ store, death }: KillContext): Promise<void> {
  expectEqual(await store.logs(), [], `the logs of a store in memory, ${death.moment}`);
}

const nothing: Pick<KillWrite, 'events' | 'version'> = { events: 0, version: 0 };

function standAfter({ writes }: KillContext, count: number): Pick<KillWrite, 'events' | 'version'> {
  return writes[count - 1] ?? nothing;
}

async function eventsOf({ store }: KillContext) {
  return (await store.info(killedRun)) === undefined ? [] : readAll(store, killedRun);
}

async function versionOf({ store }: KillContext): Promise<number> {
  return (await store.record(killedDocument.kind, killedDocument.id))?.version ?? 0;
}

/** The acknowledged commits of the dead, as it would send them again. */
async function sendAgain({ store, writes, death }: KillContext, epoch: number | null): Promise<void> {
  for (const write of writes.slice(2, death.acknowledged)) await write.run(store, { epoch });
}

/** All kill cases for stores. */
export const killCases: readonly KillCase[] = [
  killCase('acknowledged-is-there', {
    why: 'A model was paid on the strength of an acknowledged commit: what was acknowledged is never asked for again.',
    async run(context) {
      const { store, death } = context;
      const least = standAfter(context, death.acknowledged);
      if (death.acknowledged > 0)
        expectTrue((await store.info(killedRun)) !== undefined, `the run is there, ${death.moment}`);
      const { length } = await eventsOf(context);
      expectTrue(length >= least.events, `${least.events} events and not ${length}, ${death.moment}`);
      const version = await versionOf(context);
      expectTrue(version >= least.version, `version ${least.version} and not ${version}, ${death.moment}`);
    },
  }),
  killCase('nothing-is-torn', {
    why: 'What is left of a write must read as a log: in order, each event once, and with the chain that belongs to it.',
    async run(context) {
      const { store, death, sha256 } = context;
      const events = await eventsOf(context);
      const most = standAfter(context, death.begun).events;
      expectTrue(events.length <= most, `at most ${most} events and not ${events.length}, ${death.moment}`);
      const expected = killEvents(1, events.length);
      expectEqual(events, asStored(expected), `the events, ${death.moment}`);
      if ((await store.info(killedRun)) === undefined) return;
      const { seq, hash } = await store.head(killedRun);
      expectEqual([seq, hash], [events.length, chainOf(expected, sha256)], `the head, ${death.moment}`);
    },
  }),
  killCase('batch-whole-or-not', {
    why: 'Half of the changes of a behavior is a state that no code ever decided on.',
    needs: 'atomicCommit',
    async run(context) {
      const { death } = context;
      const stands = [death.acknowledged, death.begun].map((count) => standAfter(context, count));
      const found = { events: (await eventsOf(context)).length, version: await versionOf(context) };
      const isWhole = stands.some(
        ({ events, version }) => events === found.events && version === found.version,
      );
      const wanted = stands.map(({ events, version }) => `${events} with version ${version}`).join(' or ');
      expectTrue(
        isWhole,
        `${wanted} of the document and not ${found.events} with ${found.version}, ${death.moment}`,
      );
    },
    /** A batch may have stopped anywhere; its rest is written when it is sent again, which a later case does. */
    async undeclared(context) {
      const { death } = context;
      const { length } = await eventsOf(context);
      const [least, most] = [death.acknowledged, death.begun].map(
        (count) => standAfter(context, count).events,
      );
      expectTrue(
        length >= (least ?? 0) && length <= (most ?? 0),
        `${least} to ${most} events, ${death.moment}`,
      );
    },
  }),
  killCase('sent-again-nothing-changes', {
    why: 'Whoever is not sure that a commit was stored sends it again, and must not find it twice.',
    async run(context) {
      const { store, death } = context;
      const info = await store.info(killedRun);
      if (info === undefined) return;
      await sendAgain(context, info.epoch === 0 ? null : info.epoch);
      const { seq, hash } = await store.head(killedRun);
      expectEqual([seq, hash], [info.head.seq, info.head.hash], `the head, ${death.moment}`);
    },
  }),
  killCase('next-writer-takes-over', {
    why: 'A run whose process died goes on in another, and what the dead one may still have sent is refused.',
    async run(context) {
      const { store, death, life } = context;
      const info = await store.info(killedRun);
      if (info === undefined) return;
      const lease = await takenOver(context);
      life.epoch = lease.epoch;
      expectEqual(lease.epoch, info.epoch + 1, `the next epoch, ${death.moment}`);
      if (info.epoch > 0) await lateWriteIsRefused(context, info);
    },
  }),
  killCase('goes-on-to-the-same-end', {
    why: 'After a crash the program does again what it is not sure of, and must come to the same history.',
    async run(context) {
      const { store, death, writes, life, sha256 } = context;
      for (const write of writes) await write.run(store, life);
      const end = standAfter(context, writes.length);
      const { seq, hash } = await store.head(killedRun);
      const expected = [end.events, chainOf(killEvents(1, end.events), sha256)];
      expectEqual([seq, hash], expected, `the head at the end, ${death.moment}`);
      expectEqual(await versionOf(context), end.version, `the document at the end, ${death.moment}`);
    },
  }),
];

const retakeEveryMs = 50;

/** A store that cannot tell that a process is gone gives the run away when the claim has ended. */
async function takenOver({ store, leaseMs, sleep, death }: KillContext): Promise<Lease> {
  for (let waitedMs = 0; ; waitedMs += retakeEveryMs) {
    try {
      return await store.acquire(killedRun);
    } catch (error) {
      if (!(error instanceof RunOwnedError)) throw error;
      const isOver = waitedMs > leaseMs + 10 * retakeEveryMs;
      expectTrue(!isOver, `the run can be taken within its lease of ${leaseMs} ms, ${death.moment}`);
      await sleep(retakeEveryMs);
    }
  }
}

async function lateWriteIsRefused({ store, death }: KillContext, { head, epoch }: LogInfo): Promise<void> {
  const late = appendAt(store, killedRun, head.seq, killEvents(head.seq + 1, 1), epoch);
  await expectRefusal(late, FencedError, `a late write of the dead, ${death.moment}`);
}

function sideOf(killCase: KillCase, capabilities: StoreCapabilities): KillCase['run'] {
  if (!declares(capabilities, 'durability')) return isEmpty;
  const { needs, undeclared } = killCase;
  return declares(capabilities, needs) ? killCase.run : (undeclared ?? isEmpty);
}

/** What one case found of one death. */
export interface KillVerdict {
  readonly id: string;
  /** Null when all went well. */
  readonly failure: string | null;
}

/** Asks every case in order. Never rejects because of a store. */
export async function judgeDeath(context: KillContext): Promise<readonly KillVerdict[]> {
  const verdicts: KillVerdict[] = [];
  for (const killCase of killCases) {
    try {
      await sideOf(killCase, context.store.capabilities)(context);
      verdicts.push({ id: killCase.id, failure: null });
    } catch (error) {
      verdicts.push({ id: killCase.id, failure: textOf(error, context.death) });
    }
  }
  return verdicts;
}

function textOf(error: unknown, { moment }: Death): string {
  if (error instanceof UnmetExpectation) return error.message;
  const text = isStructuredError(error) ? `${error.code}: ${error.summary}` : String(error);
  return `${text}, ${moment}`;
}
