/**
 * Decides what the kits of both ports need of processes that are killed, in one form: whoever starts the processes knows neither port.
 * A subject is one store, open in the process that calls.
 */
import { isStructuredError, type Sha256, type Sleep } from '../base/index.ts';
import type { StoreCapabilities } from '../log/index.ts';
import { requireSessionStore, type SessionStoreCapabilities } from '../sessions/index.ts';
import { expectEqual, UnmetExpectation } from './expect.ts';
import { isSessionPromise, sessionKillCases, sideOfSession } from './sessions/kill/session-kill-cases.ts';
import { sessionKillWrites } from './sessions/kill/session-kill-script.ts';
import { togetherCases, togetherWriters, writeTogether } from './sessions/kill/together-script.ts';
import type { SessionStoreMaker } from './sessions/session-case.ts';
import {
  type Death,
  judgeDeath,
  killCases,
  type KillVerdict,
  kindOfKillCase,
} from './store/kill/kill-cases.ts';
import { killWrites, type Life } from './store/kill/kill-script.ts';
import type { CaseKind } from './store/run/store-report.ts';
import type { StoreMaker } from './store/store-case.ts';

/** Ports that have kill cases. */
export type KillPort = 'store' | 'session-store';

/** A store that is open in this process. */
export interface KillSubject {
  readonly capabilities: StoreCapabilities;
  /** The writes of the life, in order. */
  readonly writes: readonly (() => Promise<void>)[];
  /** Asks every case of what a process has left. Never rejects because of a store. */
  judge(death: Death): Promise<readonly KillVerdict[]>;
  /** What one of several processes writes at the same time. */
  writeTogether(writer: string): Promise<void>;
  /** Asks what they have left together. Never rejects because of a store. */
  judgeTogether(): Promise<readonly KillVerdict[]>;
  close(): Promise<void>;
}

/** The kill cases of one port. */
export interface KillKit {
  readonly cases: readonly { readonly id: string; readonly group: string; readonly why: string }[];
  /** Those who write one place at the same time; none for a port whose logs have one writer. */
  readonly writers: readonly string[];
  /** The names of the writes, in order. */
  writeNames(capabilities: StoreCapabilities): readonly string[];
  /** Which side of a case is asked of a store with these capabilities. */
  kindOf(id: string, capabilities: StoreCapabilities): CaseKind;
}

export interface KillPlatform {
  readonly sha256: Sha256;
  readonly sleep: Sleep;
}

/** The kill cases by port. */
export const killKits: Readonly<Record<KillPort, KillKit>> = {
  store: {
    cases: killCases,
    writers: [],
    writeNames: (capabilities) => killWrites(capabilities).map(({ name }) => name),
    kindOf: (id, capabilities) => {
      const found = killCases.find((killCase) => killCase.id === id);
      return found === undefined ? 'promise' : kindOfKillCase(found, capabilities);
    },
  },
  'session-store': {
    cases: [...sessionKillCases, ...togetherCases],
    writers: togetherWriters,
    writeNames: () => sessionKillWrites.map(({ name }) => name),
    kindOf: (id, capabilities) => {
      const found = sessionKillCases.find((sessionCase) => sessionCase.id === id);
      const declared: SessionStoreCapabilities = { ...capabilities, waits: false };
      const isPromise =
        found === undefined ? declared.durability !== 'memory' : isSessionPromise(found, declared);
      return isPromise ? 'promise' : 'refusal';
    },
  },
};

/** Opens the store of a maker at an address; without one in a place of its own, as a store in memory needs it. */
export async function openKillStore(
  maker: StoreMaker,
  address: string | null,
  { sha256, sleep }: KillPlatform,
): Promise<KillSubject> {
  const { processes } = maker;
  const store =
    address !== null && processes !== undefined
      ? await processes.open(address)
      : await (await maker.make()).open();
  const writes = killWrites(store.capabilities);
  const own: Life = { epoch: null };
  return {
    capabilities: store.capabilities,
    writes: writes.map((write) => () => write.run(store, own)),
    judge: (death) => {
      const leaseMs = processes?.leaseMs ?? 0;
      return judgeDeath({ store, death, writes, life: { epoch: null }, leaseMs, sha256, sleep });
    },
    writeTogether: async () => undefined,
    judgeTogether: async () => [],
    close: () => store.close(),
  };
}

/** As `openKillStore`. */
export async function openKillSessions(
  maker: SessionStoreMaker,
  address: string | null,
): Promise<KillSubject> {
  const { processes } = maker;
  const place = address === null || processes === undefined ? await maker.make() : null;
  const opened = place === null ? await processes?.open(address ?? '') : await place.open();
  const store = requireSessionStore(opened);
  const { capabilities } = store;
  return {
    capabilities,
    writes: sessionKillWrites.map((write) => () => write.run(store)),
    judge: (death) =>
      verdictsOf(sessionKillCases, death.moment, (killCase) =>
        sideOfSession(killCase, capabilities)({ store, death }),
      ),
    writeTogether: (writer) => writeTogether(store, writer),
    judgeTogether: () =>
      verdictsOf(togetherCases, 'written by two processes', async (each) => {
        if (capabilities.durability !== 'memory') await each.run(store);
        else expectEqual(await store.listSessions(), [], 'the sessions of a store in memory');
      }),
    close: async () => {
      await place?.closeAll();
      if (place === null && isClosable(opened)) await opened.close();
    },
  };
}

function isClosable(value: unknown): value is { close(): Promise<void> } {
  return typeof Reflect.get(Object(value), 'close') === 'function';
}

async function verdictsOf<Case extends { readonly id: string }>(
  cases: readonly Case[],
  moment: string,
  ask: (each: Case) => Promise<void>,
): Promise<readonly KillVerdict[]> {
  const verdicts: KillVerdict[] = [];
  for (const each of cases) {
    try {
      await ask(each);
      verdicts.push({ id: each.id, failure: null });
    } catch (error) {
      verdicts.push({ id: each.id, failure: textOf(error, moment) });
    }
  }
  return verdicts;
}

function textOf(error: unknown, moment: string): string {
  if (error instanceof UnmetExpectation) return error.message;
  const text = isStructuredError(error) ? `${error.code}: ${error.summary}` : String(error);
  return `${text}, ${moment}`;
}
