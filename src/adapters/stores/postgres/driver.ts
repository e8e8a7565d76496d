/**
 * Decides how little of a PostgreSQL driver this adapter needs: what a pool of `pg` offers, so that a user's own pool can be
 * passed. A pool of one connection is enough: nothing asks for a second one while it holds the first, but a copy whose pages are
 * read from the same pool.
 */

export interface PostgresQuery {
  readonly text: string;
  readonly values?: unknown[];
  /** Rows as arrays of cells, in the order of the query. */
  readonly rowMode: 'array';
}

/** The part of a connection that is used; that of `pg` fits. */
export interface PostgresClient {
  /** Several statements in one text have no rows of their own. */
  query(query: PostgresQuery): Promise<{ readonly rows?: unknown[] }>;
  /** With an error, or true: the connection is not used again. */
  release(broken?: Error | boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a pool that is used; that of `pg` fits. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  /** `max`: how many connections there are at most, where the pool tells. */
  readonly options?: { readonly max?: number | undefined };
}

/** A row as the values of its columns, in the order of the query. */
export type PostgresRow = readonly unknown[];
