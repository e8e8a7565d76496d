/** Decides how the adapter says no without asking a server: a URL that cannot be read, a handle that only reads. */
import { InvalidRuntimeConfiguration, type StructuredError } from '../../../base/index.ts';
import { storeUnavailable, withoutCredentials } from '../../../log/index.ts';

/** Without a cause: what the driver says about a URL may hold the password. */
export function unreadableUrl(url: string): StructuredError {
  const shown = withoutCredentials(url);
  return new InvalidRuntimeConfiguration({
    summary: 'the URL of a PostgreSQL store cannot be read',
    whatFailed: `'${shown}' does not name a database.`,
    why: 'A store is opened exactly where its URL says.',
    howToFix:
      'Write it as postgres://user:password@host:5432/database, with every special character of a part percent-escaped.',
    context: { url: shown },
  });
}

export function openedForReading(location: string, operation: string): Error {
  return storeUnavailable({
    location,
    reason: 'read-only',
    whatFailed: `${operation} writes, and the store was opened with mode 'read'.`,
    howToFix: "Open the store with mode 'write'.",
  });
}
