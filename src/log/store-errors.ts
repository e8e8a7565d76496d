/**
 * Decides how a store says that its place is the trouble, not the call: nothing there, something else there, an older or
 * newer layout, a disk that refuses. The adapter knows the commands that help there, so it writes the last text.
 */
import { type JsonObject, type StructuredError } from '../base/index.ts';
import {
  DamagedHistoryError,
  ForeignDatabaseError,
  SchemaVersionMismatch,
  StoreNotFoundError,
  StoreUnavailableError,
} from './errors.ts';

interface PlaceData {
  /** The path or URL, without credentials. */
  readonly location: string;
  readonly whatFailed: string;
  readonly howToFix: string;
  readonly context?: JsonObject;
  readonly cause?: unknown;
}

/** Why a store cannot be used now. */
export type UnavailableReason = 'read-only' | 'full' | 'busy' | 'io' | 'unreachable' | 'denied';

const unavailable: Readonly<Record<UnavailableReason, { summary: string; why: string }>> = {
  'read-only': {
    summary: 'cannot be written',
    why: 'A run whose events cannot be stored must not go on: its effects would have no history.',
  },
  full: {
    summary: 'has no room left',
    why: 'A commit is stored as a whole or not at all; nothing of this one was stored.',
  },
  busy: {
    summary: 'is held by another writer',
    why: 'Waiting without an end would look like a run that hangs.',
  },
  io: {
    summary: 'could not be read or written',
    why: 'What the operating system did not confirm is not called durable.',
  },
  unreachable: {
    summary: 'cannot be reached',
    why: 'Nothing is known to be stored before the server has said so.',
  },
  denied: {
    summary: 'refuses this user',
    why: 'A server lets in whom it knows, and lets each do what it was granted.',
  },
};

/** Makes the error of a store that cannot be used now, with its reason. */
export function storeUnavailable(data: PlaceData & { readonly reason: UnavailableReason }): StructuredError {
  const { summary, why } = unavailable[data.reason];
  return new StoreUnavailableError({
    summary: `store '${data.location}' ${summary}`,
    whatFailed: data.whatFailed,
    why,
    howToFix: data.howToFix,
    context: { location: data.location, reason: data.reason, ...data.context },
    cause: data.cause,
  });
}

/** For those who type commands as well as for those who write programs. */
export const newStoreAdvice: string =
  "A new store is made by `runlog quickstart --store URL`, or by a program that opens it with mode 'create'.";

/** Makes the error of a store that is not there and may not be made. */
export function storeNotFound(data: PlaceData): StructuredError {
  return new StoreNotFoundError({
    summary: `no store at '${data.location}'`,
    whatFailed: data.whatFailed,
    why: 'A mistyped path must not make an empty store that looks as if all runs were lost.',
    howToFix: data.howToFix,
    context: { location: data.location, ...data.context },
    cause: data.cause,
  });
}

/** Makes the refusal of a database that belongs to another program. */
export function foreignDatabase(data: PlaceData): StructuredError {
  return new ForeignDatabaseError({
    summary: `'${data.location}' is not a runlog store`,
    whatFailed: data.whatFailed,
    why: 'Tables are never added to a file that belongs to another program.',
    howToFix: data.howToFix,
    context: { location: data.location, ...data.context },
    cause: data.cause,
  });
}

/** Makes the error of a store whose file or tables are damaged. */
export function damagedStore(data: PlaceData): StructuredError {
  return new DamagedHistoryError({
    summary: `store '${data.location}' is damaged`,
    whatFailed: data.whatFailed,
    why: 'History that cannot be read in full is not read in part: a log with a hole would look whole.',
    howToFix: data.howToFix,
    context: { location: data.location, ...data.context },
    cause: data.cause,
  });
}

/** Makes the refusal of a store of another layout; it names the command that brings it forward. */
export function schemaVersionMismatch(data: {
  readonly location: string;
  readonly found: string;
  readonly expected: string;
  readonly productVersion: string;
  /** The version that made the store, where it is known. */
  readonly writtenBy: string | null;
  readonly driver: string;
}): StructuredError {
  const { location, found, expected, productVersion, writtenBy, driver } = data;
  const isNewer = Number(found) > Number(expected);
  return new SchemaVersionMismatch({
    summary: `store '${location}' has schema version ${found}, expected ${expected}`,
    whatFailed: `The store was made with schema version ${found}; runlog ${productVersion} reads and writes ${expected}.`,
    why: 'A store is never changed by opening it, and a layout that is not known is not guessed at.',
    howToFix: isNewer
      ? 'Use the newer runlog that made it: in its clone, `git pull`, then `./dev build`.'
      : `\`runlog schema upgrade URL --dry-run\` shows what would be changed, and without --dry-run it brings the store forward in place. \`runlog migrate --from URL --to sqlite:///new.db\` moves its runs into a new store instead. Version ${writtenBy ?? productVersion} of runlog reads it as it is.`,
    context: {
      location,
      found_version: found,
      expected_version: expected,
      runlog_version: productVersion,
      driver,
    },
  });
}

interface ForeignLayout {
  readonly location: string;
  readonly product: string;
  readonly driver: string;
}

/** A database of another product whose history can be brought along, opened as if it were a store of this one. */
export function foreignLayout(data: ForeignLayout): StructuredError {
  return unfitLayout(
    data,
    data.product,
    'Bring its runs into a store: `runlog migrate --from URL --to sqlite:///new.db --dry-run` shows what comes, and without --dry-run it is done.',
  );
}

/** One whose layout is newer than what is known of that product. */
export function newerLayout(data: ForeignLayout & { readonly version: string }): StructuredError {
  return unfitLayout(
    data,
    `${data.product} ${data.version}`,
    'Use a newer runlog, which may know this layout: in its clone, `git pull`, then `./dev build`.',
  );
}

/** One whose layout has no place for what every event needs. */
export function poorLayout(
  data: ForeignLayout & { readonly version: string; readonly missing: readonly string[] },
): StructuredError {
  const { product, version, missing } = data;
  return unfitLayout(
    data,
    `${product} ${version} without ${missing.join(', ')}`,
    `Open it with the newest ${product} that still reads it, so that its runs are written anew, and migrate those.`,
    { missing_columns: [...missing] },
  );
}

function unfitLayout(
  { location, driver }: ForeignLayout,
  found: string,
  howToFix: string,
  context: JsonObject = {},
): StructuredError {
  return new SchemaVersionMismatch({
    summary: `'${location}' is a database of ${found}`,
    whatFailed: `The database has the layout of ${found}, and not that of a store of runlog.`,
    why: 'What belongs to another program is never changed, and a layout that is not known is not guessed at.',
    howToFix,
    context: { location, found_version: found, expected_version: 'runlog', driver, ...context },
  });
}
