// A maker of PostgreSQL stores for the cases that kill: an address is the name of a schema, on the server that the environment names.
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { StoreMaker } from 'runlog/conformance';
import { openPostgresStore } from 'runlog/stores/postgres';

const leaseMs = 1000;
const url = process.env['RUNLOG_TEST_POSTGRES'] ?? '';

const maker: StoreMaker = {
  name: 'postgres',
  make: () => Promise.reject(new Error('This maker is for the cases that kill.')),
  processes: {
    leaseMs,
    make: async () => `killed_${randomUUID().slice(0, 8)}`,
    open: (schema) => openPostgresStore({ url, schema, mode: 'create', leaseMs }),
    async destroy(schema) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    },
  },
};

export { maker as default };
