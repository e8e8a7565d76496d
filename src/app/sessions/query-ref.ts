/** Decides what a query is asked of on this machine: an open store, with this machine's hashing. */
import { checkArguments, checkOptionNames, InvalidArgumentType } from '../../base/index.ts';
import { isSearchableStore, type LogStore, type SearchableStore } from '../../log/index.ts';
import { logQuery, type QueryContext, type QueryImplementation, type Ref } from '../../sessions/index.ts';
import { sha256 } from '../node-platform.ts';

/** What queries over a store of your own may be given. */
export type QueryOptions = Omit<QueryContext, 'store' | 'sha256'>;

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  cursorKey: true,
  forms: true,
  artifacts: true,
} satisfies Record<keyof QueryOptions, true>);

/**
 * The reference for `sessionQuery` over an open store, which stays its owner's to close. Throws `InvalidArgumentType` for a store in
 * which sessions cannot be searched.
 */
export function queryRef(
  store: LogStore,
  options: QueryOptions = {},
): Ref<QueryImplementation<QueryContext>, QueryContext> {
  checkArguments('queryRef', { store: [store, 'with commit'], options: [options, 'object'] });
  checkOptionNames('queryRef', options, optionNames);
  return [logQuery, { ...options, store: searchable(store), sha256 }];
}

export function searchable(store: LogStore): SearchableStore {
  if (isSearchableStore(store)) return store;
  throw new InvalidArgumentType({
    summary: 'sessions cannot be searched in this store',
    whatFailed: 'A store was handed over that has no `search` and no `redact`.',
    why: 'Questions about all sessions go along the indexes of a store: a plain store of logs has none for them.',
    howToFix: "Open one of the stores of this package: `await openStore('sqlite:///sessions.db')`.",
  });
}
