// The package brings no types: this is the part of it that the store uses.
declare module 'better-sqlite3' {
  type Value = null | number | bigint | string | Uint8Array;

  export default class Database {
    constructor(path: string);
    exec(sql: string): unknown;
    prepare(sql: string): {
      run(...values: Value[]): { readonly changes: number | bigint };
      get(...values: Value[]): unknown;
      all(...values: Value[]): readonly unknown[];
      raw(enabled: boolean): unknown;
    };
    close(): unknown;
  }
}
