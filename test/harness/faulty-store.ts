/** Decides how a store misbehaves in a test: at which call of the port, counted over all methods, and in which way. */
import type { LogStore, ReadOptions, StoredEvent } from 'runlog/log';

/**
 * `fails`: this call is refused, nothing is done, later ones work. `gone`: this call and all later ones are refused. `hangs`:
 * nothing is done, and no answer comes; later calls work. `mute`: this call is carried out, and neither it nor any later one
 * is answered. `late`: this call is carried out at once, and answered after the next call has been.
 */
export const faults = ['fails', 'gone', 'hangs', 'mute', 'late'] as const;
export type Fault = (typeof faults)[number];

export class FaultError extends Error {
  override readonly name = 'FaultError';
}

export type PortMethod = Exclude<keyof LogStore, 'storeId' | 'capabilities'>;

/** Counts calls, pages of a read included, and strikes at one of them. One for all handles of a trial. */
export class FaultSwitch {
  readonly calls: PortMethod[] = [];
  /** The method that was struck. */
  struck: PortMethod | null = null;
  readonly #at: number;
  readonly #fault: Fault;
  readonly #whenStruck: () => Promise<void>;

  /** `whenStruck` makes the next call, in the mode `late`. */
  constructor(at: number, fault: Fault, whenStruck: () => Promise<void> = async () => undefined) {
    this.#at = at;
    this.#fault = fault;
    this.#whenStruck = whenStruck;
  }

  async pass<Answer>(method: PortMethod, carryOut: () => Promise<Answer>): Promise<Answer> {
    this.calls.push(method);
    if (this.calls.length < this.#at) return carryOut();
    const isFirst = this.calls.length === this.#at;
    if (isFirst) this.struck = method;
    if (!isFirst && this.#fault !== 'gone' && this.#fault !== 'mute') return carryOut();
    if (this.#fault === 'fails' || this.#fault === 'gone')
      throw new FaultError(`the disk is gone at call ${this.calls.length}, ${method}`);
    if (this.#fault === 'hangs') return never;
    if (this.#fault === 'mute') {
      if (isFirst) await carryOut();
      return never;
    }
    const answer = await carryOut();
    await this.#whenStruck();
    return answer;
  }
}

const never = new Promise<never>(() => undefined);

/** A handle whose every call goes through the switch. */
export function faultyStore(inner: LogStore, at: FaultSwitch): LogStore {
  return {
    storeId: inner.storeId,
    capabilities: inner.capabilities,
    create: async (log) => at.pass('create', async () => inner.create(log)),
    fork: async (fork) => at.pass('fork', async () => inner.fork(fork)),
    detach: async (logId) => at.pass('detach', async () => inner.detach(logId)),
    info: async (logId) => at.pass('info', async () => inner.info(logId)),
    head: async (logId) => at.pass('head', async () => inner.head(logId)),
    logs: async (filter) => at.pass('logs', async () => inner.logs(filter)),
    commit: async (parts, records) => at.pass('commit', async () => inner.commit(parts, records)),
    read: (logId, options) => pages(inner, at, logId, options),
    get: async (logId, eventId) => at.pass('get', async () => inner.get(logId, eventId)),
    tail: (options) => inner.tail(options),
    record: async (kind, id) => at.pass('record', async () => inner.record(kind, id)),
    records: async (kind, prefix) => at.pass('records', async () => inner.records(kind, prefix)),
    acquire: async (logId) => at.pass('acquire', async () => inner.acquire(logId)),
    renew: async () => at.pass('renew', async () => inner.renew()),
    release: async (lease) => at.pass('release', async () => inner.release(lease)),
    close: async () => at.pass('close', async () => inner.close()),
  };
}

async function* pages(
  inner: LogStore,
  at: FaultSwitch,
  logId: string,
  options: ReadOptions | undefined,
): AsyncGenerator<readonly StoredEvent[]> {
  const reading = inner.read(logId, options)[Symbol.asyncIterator]();
  for (;;) {
    const page = await at.pass('read', async () => reading.next());
    if (page.done === true) return;
    yield page.value;
  }
}
