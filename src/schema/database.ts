/** Decides how little of a database a migration needs, so that one runner serves every driver. */

export interface MigrationDatabase {
  /** Runs one statement, or several, that hand nothing back. */
  exec(sql: string): Promise<void>;
  /** The rows of a query, each as the list of its columns. */
  all(sql: string): Promise<readonly (readonly unknown[])[]>;
  /**
   * Does `work` in one transaction, alone: another process that migrates the same database waits until it has ended. What
   * `work` throws undoes it and is thrown on.
   */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
}
