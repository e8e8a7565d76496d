/** Decides how a store of artifacts is named, and which adapter serves it: a folder by its path, a bucket by an `s3:` URL. */
import { checkArguments } from '../../base/index.ts';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ArtifactStore } from '../../effects/index.ts';
import { storeNotFound } from '../../log/index.ts';
import { checkOptionValue } from '../option-value.ts';
import { decodePart, invalidStoreUrl } from '../store-url/invalid-store-url.ts';

/** A store of artifacts that a URL named. Close it after use. */
export interface OpenArtifacts {
  readonly store: ArtifactStore;
  /** Lets go of connections. Safe to call twice. */
  close(): Promise<void>;
}

/** `read`: a folder has to be there. `create`: it is made with the first artifact. */
export type ArtifactsMode = 'read' | 'create';

/** Every mode: one that is missing here does not compile. */
const artifactsModes: readonly string[] = Object.keys({ read: true, create: true } satisfies Record<
  ArtifactsMode,
  true
>);

/**
 * Opens artifacts in a folder (a path, or a `file:` URL) or in a bucket: `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`, with the
 * credentials of the environment. Rejects with `InvalidStoreURL`, and with `StoreNotFoundError` for a folder that is not there.
 */
export async function openArtifacts(
  target: string | URL,
  mode: ArtifactsMode = 'create',
): Promise<OpenArtifacts> {
  checkArguments('openArtifacts', { target: [target, 'text', 'with href'] });
  checkOptionValue('openArtifacts', 'mode', mode, artifactsModes);
  const raw = target instanceof URL ? target.href : target;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(raw)?.[1]?.toLowerCase();
  if (scheme === 's3') return openBucket(raw);
  if (scheme !== undefined && scheme !== 'file') {
    throw invalidStoreUrl(
      raw,
      (shown) => `artifacts are not kept in '${shown}'`,
      'Name a folder, such as ./artifacts, or a bucket: s3://BUCKET/PREFIX.',
    );
  }
  const folder = scheme === 'file' ? folderOf(raw) : raw;
  if (folder.trim() === '' || folder.includes('\0'))
    throw invalidStoreUrl(
      raw,
      () => 'the place of artifacts is empty',
      'Name a folder, such as ./artifacts.',
    );
  // Made by the first artifact: where one is read there has to be one.
  if (mode === 'read' && (await stat(folder).catch(() => null))?.isDirectory() !== true)
    throw storeNotFound({
      location: folder,
      whatFailed: `There is no folder '${folder}' with artifacts.`,
      howToFix: 'Check the path of the folder that holds the artifacts.',
    });
  const { fileArtifacts } = await import('../../adapters/artifacts/file/index.ts');
  return { store: fileArtifacts(folder), close: async () => undefined };
}

function folderOf(raw: string): string {
  try {
    return fileURLToPath(raw);
  } catch {
    throw invalidStoreUrl(
      raw,
      (shown) => `'${shown}' is no URL of a folder`,
      'Write it as a path, or as file:///absolute/path.',
    );
  }
}

async function openBucket(raw: string): Promise<OpenArtifacts> {
  const [, bucket = '', prefix = '', query = ''] =
    /^s3:\/\/([^/?#]+)(?:\/([^?#]*))?(?:\?(.*))?$/i.exec(raw) ?? [];
  if (bucket === '')
    throw invalidStoreUrl(raw, (shown) => `'${shown}' names no bucket`, 'Write it as s3://BUCKET/PREFIX.');
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (name !== 'endpoint' && name !== 'region')
      throw invalidStoreUrl(
        raw,
        (shown) => `'${shown}' has an option '${name}' that there is not`,
        'Options of s3 URLs: ?endpoint=URL and ?region=NAME. Credentials come from the environment.',
      );
    options.set(name, value);
  }
  const { s3Artifacts } = await import('../../adapters/artifacts/s3/index.ts');
  const store = s3Artifacts({
    bucket: decodePart(raw, bucket),
    prefix: prefix === '' || prefix.endsWith('/') ? decodePart(raw, prefix) : `${decodePart(raw, prefix)}/`,
    ...Object.fromEntries(options),
  });
  return { store, close: () => store.close() };
}
