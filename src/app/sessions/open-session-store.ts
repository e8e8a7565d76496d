/** Decides how a session store is opened: where a URL or an open store names one, with this machine's time and chance. */
import { randomBytes } from 'node:crypto';
import {
  checkArguments,
  checkOptionNames,
  InvalidArgumentType,
  isStructuredError,
} from '../../base/index.ts';
import {
  type EventForms,
  isSessionLogStore,
  type LogStore,
  SchemaVersionMismatch,
  type SessionLogStore,
} from '../../log/index.ts';
import {
  type Mint,
  openLogSessionStore,
  openMint,
  type OpenSessionStore,
  sessionError,
} from '../../sessions/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { checkStoreMode, openStore, type StoreMode, storeUrlOf } from '../open-store.ts';

/** How a session store is opened. */
export interface OpenSessionStoreOptions {
  /** `create` by default. */
  readonly mode?: StoreMode;
  /** Raises the data of events to the form that this program knows. */
  readonly forms?: EventForms;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ mode: true, forms: true } satisfies Record<
  keyof OpenSessionStoreOptions,
  true
>);

let lastMs = 0;

/** The clock of the wall, which has milliseconds; within one of them each moment is a microsecond behind the one before. */
function nextMoment(): number {
  lastMs = Math.max(Date.now(), lastMs + 0.001);
  return lastMs;
}

/** This machine's time and chance; no two moments of a process are the same. */
export const systemMint: Mint = openMint({
  nowMs: nextMoment,
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
});

/**
 * Opens the session store at a URL, at a path (SQLite), or over an open store of logs, which is closed with it. The same store may
 * hold the runs of graphs. Rejects with the errors of the store, with `MigrationRequiredError` for one of an earlier layout or one
 * that lacks a column, which it names, and with `InvalidArgumentType` for one that keeps no sessions.
 */
export async function openSessionStore(
  target: string | URL | LogStore,
  options: OpenSessionStoreOptions = {},
): Promise<OpenSessionStore> {
  checkArguments('openSessionStore', {
    target: [target, 'text', 'with href', 'with commit'],
    options: [options, 'object'],
  });
  checkOptionNames('openSessionStore', options, optionNames);
  const { mode = 'create', forms } = options;
  checkStoreMode('openSessionStore', mode);
  const isNamed = typeof target === 'string' || target instanceof URL;
  const store: LogStore = isNamed
    ? await openStore(storeUrlOf(target), { mode }).catch(rethrowAsMigration)
    : target;
  if (!isSessionLogStore(store)) throw keepsNoSessions();
  await checkLayout(store).catch(async (error: unknown) => {
    if (isNamed) await store.close();
    return rethrowAsMigration(error);
  });
  const { newCanceller, sleep } = nodePlatform;
  return openLogSessionStore(store, { newCanceller, sleep, ...(forms === undefined ? {} : { forms }) });
}

/** Asks for what a store of runs alone does without. */
async function checkLayout(store: SessionLogStore): Promise<void> {
  await store.findRecords({ kind: 'session', orderBy: 'created' }, { limit: 1 });
}

/** A layout that is too old, or lacks something, has a code of its own in sessions. Everything else passes. */
function rethrowAsMigration(error: unknown): never {
  if (!isStructuredError(error)) throw error;
  const { context, summary, whatFailed, howToFix } = error;
  const lacks = context['missing_column'] ?? context['missing_table'];
  const isOlder =
    error instanceof SchemaVersionMismatch &&
    Number(context['found_version']) < Number(context['expected_version']);
  if (typeof lacks !== 'string' && !isOlder) throw error;
  const what = context['missing_column'] === undefined ? 'table' : 'column';
  const message = typeof lacks === 'string' ? `the store lacks the ${what} '${lacks}'` : summary;
  throw sessionError('migration_required', message, {
    details: context,
    whatFailed,
    ...(isOlder ? { howToFix } : {}),
    cause: error,
  });
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
