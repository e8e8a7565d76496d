/** Decides which page of keys is asked for. */
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { checkArtifactKey } from './artifact-key.ts';
import type { ListArtifacts } from './artifact-port.ts';

const pageLimit = { byDefault: 100, atMost: 1000 };

/** Throws `InvalidRuntimeConfiguration` for a limit that is none, and `InvalidArtifactKeyError` for a cursor or prefix. */
export function readListing({ prefix = '', limit = pageLimit.byDefault, cursor }: ListArtifacts): {
  readonly prefix: string;
  readonly limit: number;
  readonly after: string | null;
} {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > pageLimit.atMost) {
    throw new InvalidRuntimeConfiguration({
      summary: `limit is ${limit}, and a page of artifacts holds 1 to ${pageLimit.atMost}`,
      whatFailed: `Artifacts were listed with \`limit: ${limit}\`.`,
      why: 'A page is held in memory as a whole.',
      howToFix: 'Ask for pages, and go on with `cursor`.',
      context: { limit, at_most: pageLimit.atMost },
    });
  }
  if (prefix !== '') checkArtifactKey(prefix);
  if (cursor !== undefined) checkArtifactKey(cursor);
  return { prefix, limit, after: cursor ?? null };
}
