// Decides how the schema of a store is used again: to make one takes longer than most of what is tried in it, so a schema is emptied,
// becomes another store, and waits for the next who asks. What a test did to the layout itself must not be put back here.
import { randomUUID } from 'node:crypto';
import { quoteName } from '../../../src/adapters/stores/postgres/tables.ts';
import { schemaName } from './scratch-schema.ts';

type Statements = (text: string) => Promise<unknown>;

/** Whatever a store writes. */
const tables = ['events', 'logs', 'records', 'record_fields', 'owners'];

/** So much is sooner thrown away with its files than deleted row by row. */
const manyBytes = 1_000_000;

export class SpareSchemas {
  readonly #free: string[] = [];

  /** A schema that holds an empty store, or the name of one that is not there yet. */
  take(): string {
    return this.#free.pop() ?? schemaName();
  }

  /** Its store has been closed. Nobody takes it before it is empty. */
  async giveBack(schema: string, statements: Statements): Promise<void> {
    await statements(emptied(schema));
    this.#free.push(schema);
  }
}

/** In one request. The clock is that of whoever opens the store next. */
function emptied(schema: string): string {
  const names = tables.map((table) => `${quoteName(schema)}.${table}`);
  return `DO $body$ BEGIN
    IF pg_total_relation_size('${names[0]}') + pg_total_relation_size('${names[2]}') > ${manyBytes} THEN
      TRUNCATE ${names.join(', ')};
    ELSE
      ${names.map((name) => `DELETE FROM ${name};`).join(' ')}
    END IF;
    UPDATE ${quoteName(schema)}.meta SET value = '${randomUUID()}' WHERE name = 'store_id';
  END $body$`;
}
