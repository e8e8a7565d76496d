/** Decides what failures of a file system are called; nothing raw of it leaves this folder. */
import { isStructuredError, type StructuredError } from '../../../base/index.ts';
import { artifactStorageFailed, type ArtifactStorageReason } from '../../../effects/index.ts';

const reasons: Readonly<Record<string, ArtifactStorageReason>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  EMFILE: 'busy',
  ENFILE: 'busy',
  EBUSY: 'busy',
  ENOTDIR: 'misplaced',
  EISDIR: 'misplaced',
  ELOOP: 'misplaced',
};

export async function guarded<Answer>(
  location: string,
  operation: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    throw fileFailure(location, operation, cause);
  }
}

export function fileFailure(location: string, operation: string, cause: unknown): unknown {
  const code = fileCode(cause);
  // What the content of a put throws belongs to whoever reads it in.
  if (isStructuredError(cause) || code === null) return cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return artifactStorageFailed({ location, operation, reason: reasons[code] ?? 'io', problem, cause });
}

/** A part of the store is a link to elsewhere: what is written there would leave the folder. */
export function strangePlace(location: string, path: string): StructuredError {
  return artifactStorageFailed({
    location,
    operation: 'use the folder',
    reason: 'misplaced',
    problem: `'${path}' is no folder of its own`,
  });
}

/** `ENOENT` and the like; `null` for what is no failure of the file system. */
export function fileCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

export function isAbsent(error: unknown): boolean {
  return fileCode(error) === 'ENOENT';
}
