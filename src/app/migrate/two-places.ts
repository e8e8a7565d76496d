/**
 * Decides whether two URLs are known to name two places. A store keeps its id when its file is copied or its database is restored,
 * so the id alone does not tell a backup from the store itself.
 */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { LogStore } from '../../log/index.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';

/** False in doubt. Files are told apart by what the file system calls them, so links to one file are one place. */
export function areTwoPlaces(left: string, right: string): boolean {
  const [one, two] = [parseStoreUrl(left), parseStoreUrl(right)];
  if (one.scheme === 'sqlite' && two.scheme === 'sqlite') {
    const [first, second] = [fileOf(one.path), fileOf(two.path)];
    return first !== null && second !== null && first !== second;
  }
  if (one.scheme === 'postgres' && two.scheme === 'postgres')
    // Two names of one server are taken for two places. Moving a store into itself changes nothing: all of it is there.
    return (
      one.schema !== two.schema ||
      new URL(one.url).pathname !== new URL(two.url).pathname ||
      hostOf(one.url) !== hostOf(two.url)
    );
  return one.scheme !== two.scheme;
}

/**
 * True when what is written into `one` is found in `other`: for whoever removes what a copy holds, because one server has many
 * names. Writes into `one` unless their ids tell them apart, and takes it away again.
 */
export async function areOneStore(one: LogStore, other: LogStore): Promise<boolean> {
  if (one.storeId !== other.storeId) return false;
  const probe = { kind: 'probe', id: randomUUID(), expectedVersion: 'any' } as const;
  await one.commit([], [{ ...probe, value: '{}' }]);
  try {
    return (await other.record(probe.kind, probe.id)) !== undefined;
  } finally {
    await one.commit([], [{ ...probe, value: null }]);
  }
}

/** `null` for what is not there, and for what cannot be looked at: whoever opens it says why. */
function fileOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}

function hostOf(url: string): string {
  const { host, searchParams } = new URL(url);
  return `${host} ${searchParams.get('host') ?? ''} ${searchParams.get('port') ?? ''}`;
}
