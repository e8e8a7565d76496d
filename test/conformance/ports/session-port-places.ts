// Decides how the kits of questions and of maintenance get their places: one store for all cases, emptied after each. A database of
// its own for each of them would take most of the time.
import { maintenanceRef, nodePlatform, queryRef } from 'runlog';
import type { MaintenanceMaker, QueryMaker, StoreMaker, StorePlace } from '../../../src/conformance/index.ts';
import { isSessionLogStore, type SessionLogStore } from '../../../src/log/index.ts';
import { openLogSessionStore, type OpenSessionStore } from '../../../src/sessions/index.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);

export class SessionPorts {
  readonly #maker: StoreMaker;
  #place: StorePlace | null = null;
  #log: SessionLogStore | null = null;

  constructor(maker: StoreMaker) {
    this.#maker = maker;
  }

  get query(): QueryMaker {
    return {
      name: `questions to ${this.#maker.name}`,
      make: async () => {
        const { store, log, destroy } = await this.#emptied();
        return { store, query: queryRef(log), destroy };
      },
    };
  }

  get maintenance(): MaintenanceMaker {
    return {
      name: `maintenance of ${this.#maker.name}`,
      make: async () => {
        const { store, log, destroy } = await this.#emptied();
        return { store, maintenance: maintenanceRef(log, { nowMs: () => nowMs }), nowMs, destroy };
      },
    };
  }

  async close(): Promise<void> {
    await this.#place?.destroy();
  }

  async #emptied(): Promise<{
    readonly store: OpenSessionStore;
    readonly log: SessionLogStore;
    readonly destroy: () => Promise<void>;
  }> {
    this.#place ??= await this.#maker.make();
    const log = this.#log ?? (await this.#place.open());
    if (!isSessionLogStore(log)) throw new Error('this store keeps no sessions');
    this.#log = log;
    const store = openLogSessionStore(log, nodePlatform);
    const destroy = async (): Promise<void> => {
      for (const { id } of await store.listSessions()) await store.deleteSession(id);
    };
    return { store, log, destroy };
  }
}
