// A maker of session stores on SQLite for the cases that kill: an address is a folder. It imports the package as its users do.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSessionStore } from 'runlog';
import type { SessionStoreMaker } from 'runlog/conformance';

const maker: SessionStoreMaker = {
  name: 'sessions on sqlite',
  make: () => Promise.reject(new Error('This maker is for the cases that kill.')),
  processes: {
    make: async () => mkdtempSync(join(tmpdir(), 'runlog-killed-')),
    open: (folder) => openSessionStore(join(folder, 'sessions.db')),
    destroy: async (folder) => rmSync(folder, { recursive: true }),
  },
};

export { maker as default };
