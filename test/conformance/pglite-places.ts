// Decides how the kit gets the PostgreSQL store on PGlite, the server compiled for one process: a second engine that reads the
// same SQL. Its data goes with the process.
import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';
import { Pool } from 'pg';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import type { StoreMaker, StorePlace } from '../../src/conformance/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { clockText } from '../harness/postgres/scratch-schema.ts';
import { SpareSchemas } from '../harness/postgres/spare-schemas.ts';

const leaseMs = 30_000;

/** The engine takes a second to start: all places share one, each with a schema of its own while it lasts. */
export function pglitePlaces(engine: PGlite): StoreMaker {
  const spare = new SpareSchemas();
  return { name: 'postgres store on PGlite', make: async () => makePlace(poolOf(engine), spare) };
}

/** Bytes of the protocol go to the engine instead of to a socket: the driver is the same as for a server. */
class Wire extends Duplex {
  readonly #engine: PGlite;

  constructor(engine: PGlite) {
    super();
    this.#engine = engine;
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  #send(bytes: Buffer, done: (error?: Error) => void): void {
    // Terminate: the engine goes on, for the next connection.
    if (bytes[0] === 0x58) {
      this.push(null);
      done();
      return;
    }
    const onRawData = (answer: Uint8Array): void => {
      this.push(Buffer.from(answer));
    };
    const answered = (): void => done();
    // What the engine has is in memory; and its own look at what it answers would be a second one.
    const options = { syncToFs: false, onRawData };
    this.#engine.execProtocolRawStream(bytes, options).then(answered, done);
  }
}

/** One connection, which is all the engine has. */
export function poolOf(engine: PGlite): Pool {
  const config = {
    max: 1,
    user: 'postgres',
    password: 'none',
    database: 'postgres',
    stream: () => new Wire(engine),
  };
  return new Pool(config);
}

function makePlace(pool: Pool, spare: SpareSchemas): StorePlace {
  const schema = spare.take();
  let isMade = false;
  const handles: LogStore[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  const setClock = () => pool.query(clockText(schema, now));
  const open = async () => {
    const store = await openPostgresStore({ mode: 'create', schema, leaseMs, pool });
    isMade = true;
    handles.push(store);
    await setClock();
    return store;
  };
  const closeAll = async () => {
    for (const store of handles.splice(0)) await store.close();
  };
  return {
    leaseMs,
    open,
    otherHandle: open,
    reopen: async () => {
      await closeAll();
      return open();
    },
    passTime: async (ms) => {
      now += ms;
      await setClock();
    },
    destroy: async () => {
      await closeAll();
      if (isMade) await spare.giveBack(schema, (text) => pool.query(text));
      await pool.end();
    },
  };
}
