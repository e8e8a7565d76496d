/**
 * Decides how the adapter talks to a pool: one statement, or one transaction, holds one connection, and neither leaves anything
 * behind in it. So the store works behind a pooler that hands out a server for the length of a transaction.
 */
import { unknownCommit, UnknownCommitError } from '../../../log/index.ts';
import { refuseInsideCopy } from './copy-room.ts';
import type { PostgresClient, PostgresPool, PostgresRow } from './driver.ts';
import { isConnectionLoss, isDuplicate, isUndone, translateError } from './translate-error.ts';

export type Cell = string | number | boolean | null | Uint8Array | readonly unknown[];

/** What stands inside of a transaction. */
export interface Session {
  rows(sql: string, ...values: readonly Cell[]): Promise<readonly PostgresRow[]>;
}

const attempts = 5;

export class PostgresConnection implements Session {
  /** What errors call the store: its URL without the password, or a word for a pool that was passed in. */
  readonly location: string;
  readonly pool: PostgresPool;
  readonly #underWay = new Set<Promise<void>>();

  constructor(pool: PostgresPool, location: string) {
    this.pool = pool;
    this.location = location;
  }

  /**
   * One statement, which is a transaction of its own and may be done twice: a connection of the pool may have ended while
   * nobody used it, and only the next statement is told. It is asked once more, on another one.
   */
  async rows(sql: string, ...values: readonly Cell[]): Promise<readonly PostgresRow[]> {
    const once = async (): Promise<readonly PostgresRow[]> =>
      this.#with((client) => ask(client, sql, values));
    try {
      return await once().catch((cause: unknown) => {
        if (isConnectionLoss(cause)) return once();
        throw cause;
      });
    } catch (cause) {
      throw translateError(cause, this.location);
    }
  }

  /**
   * One statement that commits. Rejects with `UnknownCommitError` when the connection broke before the answer was in; no rows
   * when somebody else's row or transaction was in its way, and nothing was written.
   */
  async commitRows(sql: string, ...values: readonly Cell[]): Promise<readonly PostgresRow[]> {
    try {
      return await this.#with(async (client) => {
        try {
          return await ask(client, sql, values);
        } catch (cause) {
          throw isConnectionLoss(cause)
            ? unknownCommit({ cause: translateError(cause, this.location) })
            : cause;
        }
      });
    } catch (cause) {
      if (isUndone(cause) || isDuplicate(cause)) return [];
      throw translateError(cause, this.location);
    }
  }

  /**
   * Statements that are seen by others together or not at all. Done again from its beginning when PostgreSQL undid it because
   * of somebody else, unless it is done `once`. Rejects with `UnknownCommitError` when the connection broke while it was being
   * committed. `first`: statements without values that go with the request that begins it.
   */
  async transaction<T>(
    work: (session: Session) => Promise<T>,
    { times = 'again', first = '' }: { readonly times?: 'again' | 'once'; readonly first?: string } = {},
  ): Promise<T> {
    const most = times === 'once' ? 1 : attempts;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#with((client) => transact(client, `${begin}; ${first}`, work, this.location));
      } catch (error) {
        const cause = error instanceof LeftOpen ? error.cause : error;
        if (isUndone(cause) && attempt < most) continue;
        throw translateError(cause, this.location);
      }
    }
  }

  /** Resolves when nothing that was asked for before holds a connection or waits for one. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #with<T>(work: (client: PostgresClient) => Promise<T>): Promise<T> {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#underWay.add(ended);
    try {
      return await this.#connected(work);
    } finally {
      this.#underWay.delete(ended);
      end();
    }
  }

  async #connected<T>(work: (client: PostgresClient) => Promise<T>): Promise<T> {
    refuseInsideCopy(this.pool);
    const client = await this.pool.connect();
    let broken: Error | boolean = false;
    // A connection may break between two statements; the next one says so.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (cause) {
      if (cause instanceof LeftOpen || cause instanceof UnknownCommitError || isConnectionLoss(cause))
        broken = true;
      throw cause;
    } finally {
      client.removeListener('error', onError);
      client.release(broken);
    }
  }
}

/** A transaction that could not be ended: its connection is thrown away, and the server ends it with that. */
class LeftOpen extends Error {
  constructor(cause: unknown) {
    super('a transaction was left open', { cause });
  }
}

async function isRolledBack(client: PostgresClient): Promise<boolean> {
  try {
    await ask(client, 'ROLLBACK', []);
    return true;
  } catch {
    // Why is known already: the statement before has failed for the same reason.
    return false;
  }
}

/** What is not the default of this transaction may be the default of the server. */
const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';

async function transact<T>(
  client: PostgresClient,
  opening: string,
  work: (session: Session) => Promise<T>,
  location: string,
): Promise<T> {
  let result: T;
  try {
    await ask(client, opening, []);
    result = await work({ rows: (sql, ...values) => ask(client, sql, values) });
  } catch (cause) {
    throw (await isRolledBack(client)) ? cause : new LeftOpen(cause);
  }
  try {
    await ask(client, 'COMMIT', []);
  } catch (cause) {
    throw isConnectionLoss(cause) ? unknownCommit({ cause: translateError(cause, location) }) : cause;
  }
  return result;
}

async function ask(
  client: PostgresClient,
  text: string,
  values: readonly Cell[],
): Promise<readonly PostgresRow[]> {
  const { rows = [] } = await client.query({
    text,
    rowMode: 'array',
    ...(values.length === 0 ? {} : { values: [...values] }),
  });
  return rows.filter((row): row is PostgresRow => Array.isArray(row));
}
