/** Decides how a store is looked at of which nothing but the port is known: what the port refuses to read is what is wrong with it. */
import {
  genesisHash,
  type LogFound,
  type LogInfo,
  type Mend,
  type RowFound,
  type StoredEvent,
  type StoredRecord,
  type StoredRows,
  type WholeLogStore,
} from '../../log/index.ts';

/** Closing it leaves the store open. Rows that no method of the port shows are not seen. */
export function portRows(store: WholeLogStore, location: string): StoredRows {
  return new PortRows(store, location);
}

class PortRows implements StoredRows {
  readonly location: string;
  readonly #store: WholeLogStore;
  /** The log that was listed last, and its number. */
  #last: { readonly number: number; readonly id: string } | null = null;

  constructor(store: WholeLogStore, location: string) {
    this.#store = store;
    this.location = location;
  }

  async ground(): Promise<readonly []> {
    return [];
  }

  async size(): Promise<{ readonly logs: number; readonly events: number }> {
    let [logs, events] = [0, 0];
    for (let after: string | undefined; ;) {
      const page = await this.#store.logs(after === undefined ? {} : { after });
      logs += page.length;
      for (const { head, parent } of page) events += head.seq - (parent?.atSeq ?? 0);
      after = page.at(-1)?.id;
      if (after === undefined) return { logs, events };
    }
  }

  async logs(afterNumber: number): Promise<readonly (RowFound<LogFound> & { readonly number: number })[]> {
    const after = this.#last?.number === afterNumber ? this.#last : null;
    const page = await this.#store.logs(after === null ? {} : { after: after.id });
    const first = (after?.number ?? 0) + 1;
    const last = page.at(-1);
    if (last !== undefined) this.#last = { number: first + page.length - 1, id: last.id };
    return Promise.all(
      page.map(async (info, index) => {
        const row = { ...(await this.#found(info)), number: first + index };
        return { ok: true as const, number: row.number, row };
      }),
    );
  }

  async log(id: string): Promise<LogFound | undefined> {
    const info = await this.#store.info(id);
    return info === undefined ? undefined : this.#found(info);
  }

  async events(
    log: LogFound,
    afterSeq: number,
  ): Promise<readonly (RowFound<StoredEvent> & { readonly seq: number })[]> {
    const after = Math.max(afterSeq, log.forkSeq);
    for await (const page of this.#store.read(log.id, { after, hashes: true }))
      return page.map((row) => ({ ok: true, seq: row.seq, row }));
    return [];
  }

  async hashAt({ id }: LogFound, seq: number): Promise<string | null> {
    for await (const [event] of this.#store.read(id, { after: seq - 1, limit: 1, hashes: true }))
      return event?.seq === seq ? event.hash : null;
    return null;
  }

  async strays(): Promise<readonly []> {
    return [];
  }

  async records(
    after: Pick<StoredRecord, 'kind' | 'id'> | null,
  ): Promise<readonly (RowFound<StoredRecord> & { readonly kind: string; readonly id: string })[]> {
    if (after !== null) return [];
    const records = await this.#store.recordsBelow('');
    return records.map((row) => ({ ok: true, kind: row.kind, id: row.id, row }));
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    return this.#store.record(kind, id);
  }

  async owners(): Promise<readonly []> {
    return [];
  }

  /** Through the port documents alone can be removed; nothing else of what it shows can be wrong and follow from history. */
  async mend(changes: readonly Mend[]): Promise<void> {
    const writes = changes.flatMap((change) => (change.kind === 'drop-record' ? [change.record] : []));
    await this.#store.commit(
      [],
      writes.map(({ kind, id, version }) => ({ kind, id, expectedVersion: version, value: null })),
    );
  }

  async close(): Promise<void> {}

  async #found({ id, kind, head, parent, lineage }: LogInfo): Promise<LogFound> {
    const forkSeq = parent?.atSeq ?? 0;
    const base = {
      id,
      kind,
      seq: head.seq,
      hash: head.hash,
      lineage,
      parent: parent?.logId ?? null,
      forkSeq,
    };
    const found = { ...base, number: 0, hasStrayIds: true, forkHash: genesisHash };
    return forkSeq === 0 ? found : { ...found, forkHash: (await this.hashAt(found, forkSeq)) ?? '' };
  }
}
