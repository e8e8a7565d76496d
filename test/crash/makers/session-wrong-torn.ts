// A session store that says that a flush is whole, and writes the rows and then the events.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionStoreMaker } from 'runlog/conformance';
import type { ExecutionResult, SessionStore } from 'runlog/sessions';
import right from './session-sqlite.ts';

function torn(store: SessionStore): SessionStore {
  const flush = async ({ session, run, events }: ExecutionResult): Promise<void> => {
    await store.saveSession(session);
    if (run !== null) await store.saveRun(run);
    // Most of what the flush takes, also on a disk that is busy: moments of kills are parts of that time.
    await sleep(120);
    await store.appendEvents(events);
  };
  return new Proxy(store, {
    get: (target, name): unknown => {
      if (name === 'flush') return flush;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function'
        ? (...given: unknown[]): unknown => Reflect.apply(own, target, given)
        : own;
    },
  });
}

const { processes } = right;
const maker: SessionStoreMaker = {
  ...right,
  ...(processes === undefined
    ? {}
    : { processes: { ...processes, open: async (address) => torn(await processes.open(address)) } }),
};

export { maker as default };
