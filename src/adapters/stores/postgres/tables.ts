/** Decides how tables and functions are named: always with their schema, because a search path would be state of a connection. */

/** Where a store stands when nobody names a schema. */
export const defaultSchema = 'runlog';

export interface Tables {
  /** What errors call the store. */
  readonly location: string;
  /** The schema, as the user named it. */
  readonly schema: string;
  readonly logs: string;
  readonly events: string;
  readonly owners: string;
  readonly records: string;
  readonly recordFields: string;
  readonly meta: string;
  readonly migrations: string;
  /** A function of the store, ready to be called. */
  readonly call: (name: string) => string;
}

export function tablesOf(schema: string, location: string): Tables {
  const name = (object: string): string => `${quoteName(schema)}.${object}`;
  return {
    location,
    schema,
    logs: name('logs'),
    events: name('events'),
    owners: name('owners'),
    records: name('records'),
    recordFields: name('record_fields'),
    meta: name('meta'),
    migrations: name('schema_migrations'),
    call: name,
  };
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
