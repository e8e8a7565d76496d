// Opens a store, takes run `a`, and ends without closing: nothing of the store may keep the process alive.
import process from 'node:process';
import { openSqliteStore } from '../../../src/adapters/stores/sqlite/index.ts';

const [path = ''] = process.argv.slice(2);
const store = await openSqliteStore({ path, mode: 'write', warn: () => undefined });
await store.acquire('a');
