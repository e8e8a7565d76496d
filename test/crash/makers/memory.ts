// A maker of memory stores for the cases that kill: it has no addresses, because nothing is there for another process.
import { sha256 } from 'runlog';
import type { StoreMaker } from 'runlog/conformance';
import { openMemoryStore } from 'runlog/log';

const open = async () => openMemoryStore({ sha256, nowMs: Date.now });

const maker: StoreMaker = {
  name: 'memory',
  make: async () => ({
    leaseMs: 1000,
    open,
    otherHandle: open,
    reopen: open,
    passTime: async () => undefined,
    destroy: async () => undefined,
  }),
};

export { maker as default };
