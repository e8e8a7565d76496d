/** Decides what somebody has to bring to put an implementation of maintenance through the kit, and how sessions of an age are made. */
import {
  type MaintenanceImplementation,
  type Mint,
  newExecution,
  newSession,
  newSessionEvent,
  type Ref,
  type Session,
  type SessionEventType,
  sessionMaintenance,
  type SessionMaintenance,
  type SessionStore,
} from '../../sessions/index.ts';
import { UnmetExpectation } from '../expect.ts';
import type { PortContext, PortMaker, PortPlace } from '../ports/port-case.ts';

/** Sessions, and who maintains them. */
export interface MaintenancePlace extends PortPlace {
  /** Empty at first. Everything is written through it. */
  readonly store: SessionStore;
  /** Maintenance of the same sessions, of whatever context. */
  readonly maintenance: Ref<MaintenanceImplementation<never>, unknown>;
  /** The moment at which the clock of the maintenance stands, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** What a module exports for `runlog conformance --port maintenance`. */
export type MaintenanceMaker = PortMaker<MaintenancePlace>;

const dayMs = 86_400_000;

/** A store with sessions of given ages, and the maintenance over it. */
export class Aged {
  readonly maintenance: SessionMaintenance;
  readonly store: SessionStore;
  readonly #nowMs: number;
  readonly #mint: Mint;

  constructor({ place, mint }: PortContext<MaintenancePlace>) {
    this.maintenance = openMaintenance(place.maintenance);
    this.store = place.store;
    this.#nowMs = place.nowMs;
    this.#mint = mint;
  }

  /** The moment so many days before the one at which the clock stands. */
  daysAgo(days: number): string {
    return new Date(this.#nowMs - days * dayMs).toISOString().replace('Z', '000Z');
  }

  /** One that was made and changed so many days ago. */
  async session(id: string, days: number, more: Partial<Session> = {}): Promise<void> {
    const made = newSession({ id, agentId: 'a' }, this.#mint);
    const times = { createdAt: this.daysAgo(days), updatedAt: this.daysAgo(days) };
    await this.store.saveSession({ ...made, status: 'completed', ...times, ...more });
  }

  async run(id: string, sessionId: string): Promise<void> {
    await this.store.saveRun(newExecution({ id, sessionId }, this.#mint));
  }

  async events(sessionId: string, types: readonly SessionEventType[]): Promise<void> {
    const events = types.map((type) =>
      newSessionEvent({ sessionId, type, data: { content: `of ${type}` } }, this.#mint),
    );
    await this.store.appendEvents(events);
  }

  async ids(): Promise<readonly string[]> {
    return (await this.store.listSessions()).map(({ id }) => id).toSorted();
  }

  async marked(): Promise<readonly string[]> {
    const all = await this.store.listSessions();
    return all.flatMap(({ id, deletedAt }) => (deletedAt === null ? [] : [id])).toSorted();
  }

  /** Types of the events, those that have lost their data in brackets. */
  async types(sessionId: string): Promise<readonly string[]> {
    const events = await this.store.getEvents(sessionId);
    return events.map(({ type, redacted }) => (redacted === undefined ? type : `(${type})`));
  }
}

/** What a reference holds is looked at when it is opened, and not by its type: it is handed what is no reference, too. */
export function openMaintenance(ref: unknown): SessionMaintenance {
  const opened: unknown = Reflect.apply(sessionMaintenance, undefined, [ref]);
  if (isMaintenance(opened)) return opened;
  throw new UnmetExpectation('what is behind the reference maintains nothing');
}

function isMaintenance(value: unknown): value is SessionMaintenance {
  return typeof Reflect.get(Object(value), 'execute') === 'function';
}

/** So many of one type. */
export function times(count: number, type: SessionEventType): readonly SessionEventType[] {
  return Array.from({ length: count }, () => type);
}
