// A store with sessions of given ages, and maintenance over it with a clock that stands still.
import { createHash } from 'node:crypto';
import { maintenanceRef, type MaintenanceRefOptions, nodePlatform, sha256 } from 'runlog';
import { type ArtifactStore, memoryArtifacts } from 'runlog/effects';
import { isSearchableStore, type LogStore, type SearchableStore } from 'runlog/log';
import {
  type ArtifactRegistry,
  artifactRegistry,
  countingMint,
  newExecution,
  newSession,
  newSessionEvent,
  openLogSessionStore,
  type OpenSessionStore,
  type Session,
  type SessionEventType,
  sessionMaintenance,
  type SessionMaintenance,
} from 'runlog/sessions';

const nowMs = Date.UTC(2026, 10, 21, 12);
const dayMs = 86_400_000;

/** The moment so many days before the one at which the clock stands. */
export function daysAgo(days: number): string {
  return new Date(nowMs - days * dayMs).toISOString().replace('Z', '000Z');
}

/** Bytes in memory that came a long time ago. */
export function oldArtifacts(): ArtifactStore {
  return memoryArtifacts({ newHash: () => createHash('sha256'), now: () => daysAgo(50) });
}

type BedOptions = Omit<MaintenanceRefOptions, 'artifacts'> & { readonly artifacts?: ArtifactStore | null };

export class RetentionBed {
  readonly store: SearchableStore;
  readonly sessions: OpenSessionStore;
  readonly artifacts = oldArtifacts();
  readonly registry: ArtifactRegistry;
  readonly #mint = countingMint(nowMs - 200 * dayMs);

  constructor(log: LogStore) {
    if (!isSearchableStore(log)) throw new Error('this store cannot be searched');
    this.store = log;
    this.sessions = openLogSessionStore(log, nodePlatform);
    this.registry = artifactRegistry({ log, artifacts: this.artifacts, sha256 });
  }

  /** With the artifacts of the bed, unless they are `null`. */
  maintenance(options: BedOptions = {}): SessionMaintenance {
    const { artifacts = this.artifacts, ...rest } = options;
    const known = artifacts === null ? {} : { artifacts };
    return sessionMaintenance(maintenanceRef(this.store, { ...known, nowMs: () => nowMs, ...rest }));
  }

  /** The same, through another face of the store. */
  over(store: SearchableStore): SessionMaintenance {
    return sessionMaintenance(maintenanceRef(store, { artifacts: this.artifacts, nowMs: () => nowMs }));
  }

  async session(id: string, more: Partial<Session> = {}): Promise<Session> {
    const made = newSession({ id, agentId: 'a' }, this.#mint);
    return this.sessions.saveSession({ ...made, ...more });
  }

  async run(id: string, sessionId: string, metadata = {}): Promise<void> {
    const run = newExecution({ id, sessionId }, this.#mint);
    await this.sessions.saveRun({ ...run, status: 'running', metadata });
  }

  /** One event a type, in this order; an id of its own each. */
  async events(sessionId: string, types: readonly SessionEventType[]): Promise<void> {
    const events = types.map((type) =>
      newSessionEvent({ sessionId, type, runId: 'r', data: { content: `of ${type}` } }, this.#mint),
    );
    await this.sessions.appendEvents(events);
  }

  /** Types of the events that have data, and of those that have lost it in brackets. */
  async types(sessionId: string): Promise<readonly string[]> {
    const events = await this.sessions.getEvents(sessionId, { limit: 10_000 });
    return events.map(({ type, redacted }) => (redacted === undefined ? type : `(${type})`));
  }

  /** Takes the row of an artifact away, as a crash between bytes and row would. */
  async loseRow(sessionId: string, name: string): Promise<void> {
    const rows = await this.store.records('artifact', `${sessionId}/`);
    const lost = rows.filter(({ value }) => value.includes(`"key":"${sessionId}/${name}"`));
    if (lost.length !== 1) throw new Error(`no artifact '${name}'`);
    for (const { kind, id, version } of lost)
      await this.store.commit([], [{ kind, id, expectedVersion: version, value: null }]);
  }

  async breakRow(sessionId: string): Promise<void> {
    const id = `${sessionId}/session`;
    await this.store.commit([], [{ kind: 'session', id, expectedVersion: 'any', value: '{"id":"x"}' }]);
  }

  /** All documents and heads of the store, and all artifacts. */
  async everything(): Promise<unknown> {
    return [
      await this.store.recordsBelow(''),
      (await this.store.logs()).map(({ head }) => head),
      await Promise.all((await this.ids()).map((id) => this.types(id))),
      await this.artifacts.list(),
    ];
  }

  async ids(): Promise<readonly string[]> {
    return (await this.sessions.listSessions()).map(({ id }) => id).toSorted();
  }

  async marked(): Promise<readonly string[]> {
    const all = await this.sessions.listSessions();
    return all
      .filter(({ deletedAt }) => deletedAt !== null)
      .map(({ id }) => id)
      .toSorted();
  }
}

/** So many of one type. */
export function times(count: number, type: SessionEventType): readonly SessionEventType[] {
  return Array.from({ length: count }, () => type);
}
