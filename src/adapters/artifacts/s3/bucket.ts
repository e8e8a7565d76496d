/** Decides how a bucket is spoken to: with the vendor's package, loaded when it is needed, its own retries, and a time for each try. */
import type { S3Client } from '@aws-sdk/client-s3';
import { missingPackage } from '../../../base/index.ts';
import { guarded } from './s3-failure.ts';

export interface BucketSettings {
  readonly bucket: string;
  /** In front of every name of an object; it ends with a slash, or is empty. */
  readonly prefix: string;
  readonly location: string;
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  } | null;
  readonly timeoutMs: number;
}

type Sdk = Awaited<ReturnType<typeof loadPackage>>;

export interface Bucket {
  readonly settings: BucketSettings;
  /** Rejects with `MissingOptionalDependency`, and with `ArtifactStorageError` for what the work rejects with. */
  use<Answer>(operation: string, work: (client: S3Client, sdk: Sdk) => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5000;
const attempts = 3;

export function openBucket(settings: BucketSettings): Bucket {
  let opened: Promise<{ sdk: Sdk; client: S3Client }> | null = null;
  const open = async (): Promise<{ sdk: Sdk; client: S3Client }> => {
    opened ??= connect(settings);
    try {
      return await opened;
    } catch (error) {
      // What was missing may be there the next time.
      opened = null;
      throw error;
    }
  };
  return {
    settings,
    use: async (operation, work) =>
      guarded(settings.location, operation, async () => {
        const { sdk, client } = await open();
        return work(client, sdk);
      }),
    close: async () => {
      const ending = opened;
      opened = null;
      (await ending)?.client.destroy();
    },
  };
}

async function connect({ endpoint, region, credentials, timeoutMs }: BucketSettings) {
  const sdk = await loadPackage();
  const client = new sdk.S3Client({
    // Servers that are no Amazon know no host names of buckets.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...(region === null && endpoint === null ? {} : { region: region ?? 'us-east-1' }),
    ...(credentials === null ? {} : { credentials: { ...credentials } }),
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
    // Bytes are hashed by the store, and signed on their way; older servers refuse the vendor's newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

async function loadPackage() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (cause) {
    throw missingPackage('s3', cause);
  }
}
