/** Decides how a session store is opened: where a URL or an open store names one, with this machine's time and chance. */
import { randomBytes } from 'node:crypto';
import { InvalidArgumentType } from '../../base/index.ts';
import { type EventForms, isSessionLogStore, type LogStore } from '../../log/index.ts';
import { type Mint, openLogSessionStore, openMint, type OpenSessionStore } from '../../sessions/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { openStore, type StoreMode, storeUrlOf } from '../open-store.ts';

export interface OpenSessionStoreOptions {
  /** `create` by default. */
  readonly mode?: StoreMode;
  /** Raises the data of events to the form that this program knows. */
  readonly forms?: EventForms;
}

let lastMs = 0;

/** The clock of the wall, which has milliseconds; within one of them each moment is a microsecond behind the one before. */
function nextMoment(): number {
  lastMs = Math.max(Date.now(), lastMs + 0.001);
  return lastMs;
}

/** New ids of 128 bits of chance, and this machine's time; no two moments of a process are the same. */
export const systemMint: Mint = openMint({
  nowMs: nextMoment,
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
});

/**
 * Opens the session store at a URL, at a path (SQLite), or over an open store of logs, which is closed with it. The same store may
 * hold the runs of graphs. Rejects with the errors of the store, and with `InvalidArgumentType` for one that keeps no sessions.
 */
export async function openSessionStore(
  target: string | URL | LogStore,
  { mode = 'create', forms }: OpenSessionStoreOptions = {},
): Promise<OpenSessionStore> {
  const isNamed = typeof target === 'string' || target instanceof URL;
  const store: LogStore = isNamed ? await openStore(storeUrlOf(target), { mode }) : target;
  if (!isSessionLogStore(store)) throw keepsNoSessions();
  const { newCanceller, sleep } = nodePlatform;
  return openLogSessionStore(store, { newCanceller, sleep, ...(forms === undefined ? {} : { forms }) });
}

function keepsNoSessions(): Error {
  return new InvalidArgumentType({
    summary: 'this store keeps no sessions',
    whatFailed: 'A session store was to be opened over a store of logs that lacks what sessions need.',
    why: 'Sessions are found by status and by run, and several processes write one: a plain store of logs has no means for either.',
    howToFix:
      "Open one of the stores of this package: `await openSessionStore('sqlite:///sessions.db')`, or implement `SessionLogStore`.",
  });
}
