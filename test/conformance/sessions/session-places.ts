// Decides how the kit of session stores gets its places: those of the stores of logs, with a session store over each handle.
import { nodePlatform } from 'runlog';
import type {
  SessionStoreMaker,
  SessionStorePlace,
  StoreMaker,
  StorePlace,
} from '../../../src/conformance/index.ts';
import { isSessionLogStore, type LogStore } from '../../../src/log/index.ts';
import { type OpenSessionStore, openLogSessionStore } from '../../../src/sessions/index.ts';

export function sessionPlaces(maker: StoreMaker): SessionStoreMaker {
  return { name: maker.name, make: async () => placeOver(await maker.make()) };
}

function placeOver(place: StorePlace): SessionStorePlace {
  let handles: OpenSessionStore[] = [];
  const over = async (opened: Promise<LogStore>): Promise<OpenSessionStore> => {
    const log = await opened;
    if (!isSessionLogStore(log)) throw new Error('this store keeps no sessions');
    const store = openLogSessionStore(log, nodePlatform);
    handles.push(store);
    return store;
  };
  const closeAll = async (): Promise<void> => {
    const open = handles;
    handles = [];
    for (const store of open) await store.close().catch(() => undefined);
  };
  const openDying = (n: number): Promise<OpenSessionStore> => over(place.openDying?.(n) ?? place.open());
  return {
    open: () => over(place.open()),
    otherHandle: () => over(place.otherHandle()),
    reopen: async () => {
      await closeAll();
      return over(place.reopen());
    },
    closeAll,
    ...(place.openDying === undefined ? {} : { openDying }),
    destroy: async () => {
      await closeAll();
      await place.destroy();
    },
  };
}
