// A maker of session stores on PostgreSQL for the cases that kill: an address is a schema, on the server that the environment names.
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { openSessionStore } from 'runlog';
import type { SessionStoreMaker } from 'runlog/conformance';
import { openPostgresStore } from 'runlog/stores/postgres';

const url = process.env['RUNLOG_TEST_POSTGRES'] ?? '';

const maker: SessionStoreMaker = {
  name: 'sessions on postgres',
  make: () => Promise.reject(new Error('This maker is for the cases that kill.')),
  processes: {
    make: async () => `killed_${randomUUID().slice(0, 8)}`,
    open: async (schema) => openSessionStore(await openPostgresStore({ url, schema, mode: 'create' })),
    async destroy(schema) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    },
  },
};

export { maker as default };
