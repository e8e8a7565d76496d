/** Decides how tests hold on to snapshots that a run would clear away, and choose the one that a load finds. */
import type { LogStore, RecordWrite } from 'runlog/log';

/** The store with some methods replaced; the rest goes through. */
export function replaced(store: LogStore, methods: Partial<LogStore>): LogStore {
  return new Proxy(store, {
    get(inner, name): unknown {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(inner, name);
      return typeof value === 'function' ? (value.bind(inner) as unknown) : value;
    },
  });
}

/** Nothing is cleared away: every snapshot that was ever written stays. */
export function keepingAll(store: LogStore): LogStore {
  const isKept = ({ kind, value }: RecordWrite): boolean => !(kind.startsWith('snapshot') && value === null);
  return replaced(store, {
    commit: (parts, records = []) => store.commit(parts, records.filter(isKept)),
  });
}

/** Of all snapshots only those of one place are there. */
export function withSnapshotAt(store: LogStore, seq: number): LogStore {
  return replaced(store, {
    records: async (kind, prefix) => {
      const found = await store.records(kind, prefix);
      return kind === 'snapshot' ? found.filter(({ id }) => Number(id.split('/').at(-1)) === seq) : found;
    },
  });
}

/** Places of the snapshots of a run, oldest first. */
export async function snapshotPlaces(store: LogStore, runId: string): Promise<readonly number[]> {
  const found = await store.records('snapshot', `${runId}/`);
  return found.map(({ id }) => Number(id.slice(runId.length + 1)));
}
