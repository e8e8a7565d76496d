/** Decides how the adapter says no without asking a server: no driver, a URL that cannot be read, a handle that only reads. */
import {
  InvalidRuntimeConfiguration,
  MissingOptionalDependency,
  type StructuredError,
} from '../../../base/index.ts';
import { storeUnavailable, withoutCredentials } from '../../../log/index.ts';

export function missingDriver(cause: unknown): StructuredError {
  return new MissingOptionalDependency({
    summary: "package 'pg' is not installed",
    whatFailed: 'A PostgreSQL store was to be opened, and its driver could not be loaded.',
    why: 'Drivers are installed by those who use them; everybody else is spared them.',
    howToFix: 'Install it: `npm install pg@8`.',
    context: {
      package: 'pg',
      dependency: 'pg',
      module: 'runlog/stores/postgres',
      operation: 'openPostgresStore',
    },
    cause,
  });
}

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
