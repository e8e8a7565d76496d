// A maker of SQLite stores for the cases that kill: an address is a folder. It imports the package as its users do.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreMaker } from 'runlog/conformance';
import { openSqliteStore } from 'runlog/stores/sqlite';

const leaseMs = 1000;

const maker: StoreMaker = {
  name: 'sqlite',
  make: () => Promise.reject(new Error('This maker is for the cases that kill.')),
  processes: {
    leaseMs,
    make: async () => mkdtempSync(join(tmpdir(), 'runlog-killed-')),
    open: (folder) =>
      openSqliteStore({ path: join(folder, 'runs.db'), mode: 'create', leaseMs, warn: () => undefined }),
    destroy: async (folder) => rmSync(folder, { recursive: true }),
  },
};

export { maker as default };
