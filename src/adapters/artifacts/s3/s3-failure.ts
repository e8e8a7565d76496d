/** Decides what failures of S3 and of the way to it are called; nothing raw of the vendor's package leaves this folder. */
import { isStructuredError } from '../../../base/index.ts';
import { artifactStorageFailed, type ArtifactStorageReason } from '../../../effects/index.ts';

export async function guarded<Answer>(
  location: string,
  operation: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    if (isStructuredError(cause)) throw cause;
    throw artifactStorageFailed({
      location,
      operation,
      reason: reasonOf(cause),
      problem: problemOf(cause),
      cause,
    });
  }
}

export function statusOf(error: unknown): number | null {
  const metadata: unknown = Reflect.get(Object(error), '$metadata');
  const status: unknown = Reflect.get(Object(metadata), 'httpStatusCode');
  return typeof status === 'number' ? status : null;
}

/** No object of that name; a bucket that is not there is another matter. */
export function isAbsent(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

function reasonOf(error: unknown): ArtifactStorageReason {
  const status = statusOf(error);
  // Who answers with the last two stands in front of the server.
  if (status === null || status === 502 || status === 504) return 'unreachable';
  if (nameOf(error) === 'NoSuchBucket') return 'misplaced';
  if (status === 401 || status === 403) return 'denied';
  if (status === 429 || status === 503 || status === 409) return 'busy';
  if (status === 507 || nameOf(error) === 'QuotaExceeded') return 'full';
  return 'io';
}

function problemOf(error: unknown): string {
  const status = statusOf(error);
  const whole = error instanceof Error && error.message !== '' ? error.message : String(error);
  // What follows is for those who debug the vendor's package.
  const message = whole.split('\n', 1)[0]?.slice(0, 500) ?? '';
  const name = nameOf(error);
  const said = message.includes(name) ? message : `${name}: ${message}`;
  return status === null ? said : `${said} (${status})`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
