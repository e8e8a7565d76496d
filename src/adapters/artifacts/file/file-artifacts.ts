/** Decides how artifacts lie in a folder: bytes by their hash, what is known of them by key, and what is being written apart from both. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { checkArguments, checkOptionNames, InvalidRuntimeConfiguration } from '../../../base/index.ts';
import { type ArtifactGround, type ArtifactStore, artifactStore } from '../../../effects/index.ts';
import { blobsOf, openBlob, removeBlob, stageBlob } from './blob-files.ts';
import { guarded } from './file-failure.ts';
import { removeStale } from './incoming.ts';
import { readText, removeText, writeText } from './key-files.ts';
import { foundFolder } from './real-folder.ts';
import { walkKeys } from './walk-keys.ts';

/** How large an artifact may be, in bytes. */
export interface FileArtifactsOptions {
  /** Of one artifact; 1 GiB by default. */
  readonly limitBytes?: number;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  limitBytes: true,
} satisfies Record<keyof FileArtifactsOptions, true>);

/**
 * Artifacts in a folder, which is made when the first one is put. Several processes may use it at once. `blobs/` holds bytes by their
 * SHA-256, `keys/` what is known under each key, `incoming/` what is being written. Throws `InvalidRuntimeConfiguration` for no name.
 */
export function fileArtifacts(folder: string, options: FileArtifactsOptions = {}): ArtifactStore {
  checkArguments('fileArtifacts', { folder: [folder, 'text'], options: [options, 'object'] });
  checkOptionNames('fileArtifacts', options, optionNames);
  if (folder === '') throw nameless();
  return artifactStore(fileGround(resolve(folder), options));
}

/** An empty path would be the folder that the program happens to stand in. */
function nameless(): Error {
  return new InvalidRuntimeConfiguration({
    summary: 'artifacts cannot be kept in a folder without a name',
    whatFailed: '`fileArtifacts` was called with an empty path.',
    why: 'It would be the folder that the program happens to stand in, and the next program stands in another one.',
    howToFix: 'Name the folder, such as `fileArtifacts("./artifacts")`.',
  });
}

function fileGround(root: string, { limitBytes = 2 ** 30 }: FileArtifactsOptions): ArtifactGround {
  const location = `file:${root}`;
  const guard = async <Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer> =>
    guarded(location, operation, work);
  return {
    location,
    limitBytes,
    newHash: () => createHash('sha256'),
    now: () => new Date().toISOString(),
    stage: async (content) => guard('write', async () => stageBlob(root, content)),
    openBlob: async (sha256) => guard('read', async () => openBlob(root, sha256)),
    blobs: () => blobsOf(root),
    removeBlob: async (sha256, olderThanMs) =>
      guard('remove', async () => removeBlob(root, sha256, olderThanMs)),
    removeStale: async (olderThanMs) => guard('remove', async () => removeStale(root, olderThanMs)),
    writeText: async (key, text, mode) => guard('write', async () => writeText(root, key, text, mode)),
    readText: async (key) => guard('read', async () => readText(root, key)),
    removeText: async (key) => guard('remove', async () => removeText(root, key)),
    keys: async (question) =>
      guard('list', async () => {
        const folder = await foundFolder(root, 'keys');
        return folder === null ? [] : walkKeys(folder, question);
      }),
  };
}
