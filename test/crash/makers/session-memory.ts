// A maker of session stores in memory for the cases that kill: it has no addresses, because nothing is there for another process.
import { nodePlatform, sha256 } from 'runlog';
import type { SessionStoreMaker } from 'runlog/conformance';
import { openMemoryStore } from 'runlog/log';
import { openLogSessionStore } from 'runlog/sessions';

const open = async () => openLogSessionStore(openMemoryStore({ sha256, nowMs: Date.now }), nodePlatform);

const maker: SessionStoreMaker = {
  name: 'sessions in memory',
  make: async () => ({
    open,
    otherHandle: open,
    reopen: open,
    closeAll: async () => undefined,
    destroy: async () => undefined,
  }),
};

export { maker as default };
