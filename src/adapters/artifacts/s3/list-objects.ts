/** Decides how objects below a name are found, a page of the server at a time. */
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { artifactStorageFailed } from '../../../effects/index.ts';
import type { Bucket } from './bucket.ts';

export interface FoundObject {
  /** Behind the bucket's prefix and the folder. */
  readonly name: string;
  readonly size: number;
  readonly ageMs: number;
}

/** In the order of the bytes of the names, from behind `after`. */
export async function* listObjects(
  bucket: Bucket,
  folder: string,
  { beginning = '', after = null }: { readonly beginning?: string; readonly after?: string | null } = {},
): AsyncIterable<FoundObject> {
  const place = `${bucket.settings.prefix}${folder}`;
  let token: string | null = null;
  do {
    const from: string | null = token;
    const page: ListObjectsV2CommandOutput = await bucket.use(
      'list',
      async (client, { ListObjectsV2Command }) =>
        client.send(
          new ListObjectsV2Command({
            Bucket: bucket.settings.bucket,
            Prefix: place + beginning,
            ...(after === null ? {} : { StartAfter: place + after }),
            ...(from === null ? {} : { ContinuationToken: from }),
          }),
        ),
    );
    checkWhole(bucket, page);
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
      yield { name: Key.slice(place.length), size: Size, ageMs: ageOf(LastModified) };
    }
    token = page.IsTruncated === true ? (page.NextContinuationToken ?? null) : null;
  } while (token !== null);
}

/** What is taken for a list decides what is swept: an answer that does not say where the list ends is none. */
function checkWhole({ settings: { location } }: Bucket, page: ListObjectsV2CommandOutput): void {
  const { IsTruncated: isCut, NextContinuationToken: next = '' } = page;
  if (isCut === false || (isCut === true && next !== '')) return;
  throw artifactStorageFailed({
    location,
    operation: 'list',
    reason: 'io',
    problem: 'the answer of the server is no whole list: it does not say where it ends',
  });
}

/** By this machine's clock; a server whose clock is ahead does not make anything younger than new. */
export function ageOf(modified: Date | undefined): number {
  return modified === undefined ? 0 : Math.max(0, Date.now() - modified.getTime());
}
