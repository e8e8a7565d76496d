/**
 * The store of artifacts as the house needs it: files that agents make or take, under a key each. Knows no folder and no cloud.
 *
 * What every store promises:
 * - whole: an artifact is there with all its bytes, or not at all, whatever dies while it is put;
 * - known: its size and the SHA-256 of its bytes are computed while it is put, not believed;
 * - proved: whoever reads gets exactly those bytes, or `ArtifactCorruptedError`, and never other ones without a word;
 * - once: the same bytes under several keys are stored once;
 * - the same artifact put again under its key changes nothing; another one under a known key is `ArtifactExistsError`, unless it is
 *   to replace the first;
 * - durable: a resolved `put` survives the death of the process, and of the machine where the store's ground does.
 */

/** Bytes at once, or as they come. */
export type ArtifactContent = Uint8Array | AsyncIterable<Uint8Array>;

/** What is known of an artifact: key, bytes, hash of the bytes, content type. `storedAt` is ISO text. */
export interface ArtifactInfo {
  readonly key: string;
  /** Number of bytes. */
  readonly size: number;
  /** Of the bytes: 64 lower-case hex digits. */
  readonly sha256: string;
  /** `application/octet-stream` when nobody said. */
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** ISO 8601 in UTC: when these bytes came under this key. */
  readonly storedAt: string;
}

/** Content type and metadata of an artifact, the hash that it must have, and what happens when the key is taken. */
export interface PutOptions {
  readonly contentType?: string;
  /** At most 100 names, 16 KiB in all. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the bytes have to be: others are refused with `ArtifactCorruptedError`, and nothing is stored. */
  readonly sha256?: string;
  /** `refuse` by default: see the promise above. */
  readonly ifPresent?: 'refuse' | 'replace';
}

/** Which artifacts, and how many a page. */
export interface ListArtifacts {
  /** Only keys that begin with this. */
  readonly prefix?: string;
  /** 100 by default, at most 1,000. */
  readonly limit?: number;
  /** The `cursor` of the page before. */
  readonly cursor?: string;
}

/** Artifacts in the order of their keys; `cursor` is null on the last page. */
export interface ArtifactPage {
  readonly artifacts: readonly ArtifactInfo[];
  /** `null` on the last page. */
  readonly cursor: string | null;
}

/** An artifact that is read: the bytes are proved against their hash when the last has come. */
export interface ReadArtifact {
  readonly info: ArtifactInfo;
  /** To be read once. Throws `ArtifactCorruptedError` at its end at the latest, when the bytes are not those that were put. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** How old unused bytes have to be before they go, in milliseconds. */
export interface SweepOptions {
  /** Only what is older than this. One hour by default: less may take away what somebody is putting at this moment. */
  readonly olderThanMs?: number;
}

/** How many unused blobs went, and how many bytes they had. */
export interface Swept {
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Every method rejects with `InvalidArtifactKeyError` for a key that is none, and with `ArtifactStorageError` when the ground of the
 * store fails; its `context.reason` says whether trying again can help.
 */
export interface ArtifactStore {
  /** For messages: `file:/var/lib/artifacts`. */
  readonly location: string;

  /** Rejects with `ArtifactTooLargeError`, `ArtifactExistsError` and `ArtifactCorruptedError`; nothing is stored then. */
  put(key: string, content: ArtifactContent, options?: PutOptions): Promise<ArtifactInfo>;

  /** All bytes, proved. Rejects with `ArtifactNotFoundError` and `ArtifactCorruptedError`. */
  get(key: string): Promise<{ readonly info: ArtifactInfo; readonly bytes: Uint8Array }>;

  /** The bytes as they come. Rejects as `get` does; whoever stops before the end has proved nothing. */
  read(key: string): Promise<ReadArtifact>;

  /** What is known of it, without its bytes. Rejects with `ArtifactNotFoundError`. */
  head(key: string): Promise<ArtifactInfo>;

  /** In the order of the bytes of the keys. */
  list(options?: ListArtifacts): Promise<ArtifactPage>;

  /** True when it was there. One that is not there is deleted already. Its bytes go with the next `sweep`. */
  delete(key: string): Promise<boolean>;

  /** Removes bytes that no key names any more, and what puts that died have left. */
  sweep(options?: SweepOptions): Promise<Swept>;
}
