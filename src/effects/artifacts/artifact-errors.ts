/** Decides how artifacts are refused and how they fail: absent, taken, damaged, too large, under no key, or on ground that failed. */
import {
  ConfigurationError,
  errorClass,
  NotFoundError,
  StorageError,
  type StructuredError,
} from '../../base/index.ts';

/** Everything that stores of artifacts refuse, and every way in which they fail. */
export const ArtifactError = errorClass('ArtifactError', StorageError);
/** The store has no artifact of that key. */
export const ArtifactNotFoundError = errorClass('ArtifactNotFoundError', ArtifactError, NotFoundError);
/** An artifact was put under a key that another one has. The first is unchanged. */
export const ArtifactExistsError = errorClass('ArtifactExistsError', ArtifactError);
/**
 * The bytes of an artifact are not those that were put, or not those that were announced, or what is written under
 * its key cannot be read.
 */
export const ArtifactCorruptedError = errorClass('ArtifactCorruptedError', ArtifactError);
/** An artifact has more bytes than the store takes. Nothing of it is stored. */
export const ArtifactTooLargeError = errorClass('ArtifactTooLargeError', ArtifactError, RangeError);
/**
 * The folder or the server of a store of artifacts failed. `context.reason` is `full`, `denied`, `busy`,
 * `unreachable`, `misplaced` or `io`; `busy` and `unreachable` may pass.
 */
export const ArtifactStorageError = errorClass('ArtifactStorageError', ArtifactError);
/** A text cannot be the key of an artifact, or its content type, its metadata or its checksum cannot be kept. */
export const InvalidArtifactKeyError = errorClass(
  'InvalidArtifactKeyError',
  [ArtifactError, ConfigurationError],
  RangeError,
);

interface Place {
  readonly location: string;
  readonly key: string;
}

/** Makes the error of a key that no artifact has. */
export function artifactNotFound({ location, key }: Place): StructuredError {
  return new ArtifactNotFoundError({
    summary: `there is no artifact '${key}' in ${location}`,
    whatFailed: `The artifact '${key}' was asked for, and ${location} has none of that key.`,
    why: 'An empty file in its place would look like an agent that made nothing.',
    howToFix: `List the keys with \`list({ prefix })\`, and check which store the artifact was put into.`,
    context: { key, location },
  });
}

export function artifactExists({
  location,
  key,
  fields,
}: Place & { readonly fields: readonly string[] }): StructuredError {
  return new ArtifactExistsError({
    summary: `there is another artifact '${key}' already`,
    whatFailed: `The artifact '${key}' was put into ${location}, where one of that key differs in ${fields.join(' and ')}.`,
    why: 'Events name artifacts by key: what they name must stay what it was.',
    howToFix:
      "Put it under another key, or with `{ ifPresent: 'replace' }` where nobody relies on the first.",
    context: { key, location, fields: [...fields] },
  });
}

/** Makes the error of an artifact whose bytes are not those of its hash. */
export function artifactCorrupted(
  data: Place & { readonly problem: string; readonly cause?: unknown },
): StructuredError {
  const { key, location, problem, cause } = data;
  return new ArtifactCorruptedError({
    summary: `artifact '${key}' is not what it has to be: ${problem}`,
    whatFailed: `The artifact '${key}' of ${location} was checked: ${problem}.`,
    why: 'Bytes that changed on the way or at rest are not handed on as if they were those that were put.',
    howToFix: `Restore it from a copy of the store, or put the right bytes again with \`{ ifPresent: 'replace' }\`.`,
    context: { key, location, problem },
    cause,
  });
}

export function artifactTooLarge({
  location,
  key,
  limitBytes,
}: Place & { readonly limitBytes: number }): StructuredError {
  return new ArtifactTooLargeError({
    summary: `artifact '${key}' is larger than ${limitBytes} bytes`,
    whatFailed: `The artifact '${key}' was put into ${location}, which takes ${limitBytes} bytes each.`,
    why: 'A stream without an end would fill the store, and everybody else would be refused.',
    howToFix: 'Raise `limitBytes` of the store, or put the content in pieces under several keys.',
    context: { key, location, limit_bytes: limitBytes },
  });
}

export function invalidArtifactKey({
  key,
  problem,
}: {
  readonly key: string;
  readonly problem: string;
}): StructuredError {
  return new InvalidArtifactKeyError({
    summary: `${JSON.stringify(key.slice(0, 80))} is no key of an artifact: ${problem}`,
    whatFailed: `An artifact was asked for under a key of ${key.length} characters: ${problem}.`,
    why: 'A key has to mean one artifact in every store, and may come from an agent that nobody has to trust.',
    howToFix:
      'Use 1 to 512 bytes of well-formed text without control characters, such as `reports/summary.md`.',
    context: { key: key.slice(0, 80).toWellFormed(), problem },
  });
}

/** `busy` and `unreachable` may pass; the others stay until somebody does something. */
export type ArtifactStorageReason = 'full' | 'denied' | 'busy' | 'unreachable' | 'misplaced' | 'io';

/** Makes the error of a place of artifacts that cannot be read or written, with its reason. */
export function artifactStorageFailed(data: {
  readonly location: string;
  readonly operation: string;
  readonly reason: ArtifactStorageReason;
  readonly problem: string;
  readonly cause?: unknown;
}): StructuredError {
  const { location, operation, reason, problem, cause } = data;
  return new ArtifactStorageError({
    summary: `cannot ${operation} in ${location}: ${problem}`,
    whatFailed: `${location} failed to ${operation}: ${problem}.`,
    why: 'What is reported as stored has to be stored; a failure is told to whoever asked.',
    howToFix: storageFix[reason],
    context: { location, operation, reason, problem },
    cause,
  });
}

const storageFix: Readonly<Record<ArtifactStorageReason, string>> = {
  full: 'Free some space, and put the artifact again: `sweep()` removes bytes that nothing names.',
  denied: 'Give this user, or this key, the right to read and write there, then try again.',
  busy: 'Try again a little later.',
  unreachable: 'Check the address and that the server runs, then try again.',
  misplaced: 'Check the place that was named: it has to be a folder, or a bucket, of its own.',
  io: 'Read `cause`: it holds what the ground of the store said.',
};
