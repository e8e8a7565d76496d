/** Decides how a log says that it is to be kept: a document beside it, which goes where the log goes. */
import { isJsonObject } from '../../base/index.ts';
import { commitLimits, type LogStore, runNotFound } from '../../log/index.ts';

export const pinKind = 'pin';

/** Why the log is to be kept; empty when nobody said, `null` when it is not pinned. */
export async function pinOf(store: LogStore, logId: string): Promise<string | null> {
  const stored = await store.record(pinKind, pinId(logId));
  if (stored === undefined) return null;
  const value: unknown = parsed(stored.value);
  const reason = isJsonObject(value) ? value['reason'] : '';
  return typeof reason === 'string' ? reason : '';
}

/** The document that pins a log: while it is there, `remove` can be told to refuse. `undefined` when the id leaves no room for it. */
export function pinRecord(logId: string): { readonly kind: string; readonly id: string } | undefined {
  return canBePinned(logId) ? { kind: pinKind, id: pinId(logId) } : undefined;
}

/** Pinning again changes the reason. Rejects with `RunNotFoundError`, and with `InvalidEventError` when the id leaves no room. */
export async function pin(store: LogStore, logId: string, reason: string): Promise<void> {
  if ((await store.info(logId)) === undefined) throw runNotFound({ logId, operation: 'pin' });
  await write(store, logId, JSON.stringify({ reason }));
  if ((await store.info(logId)) !== undefined) return;
  // It was removed before the pin was there, which pins nothing.
  await write(store, logId, null);
  throw runNotFound({ logId, operation: 'pin' });
}

/** False when it was not pinned. Rejects with `RunNotFoundError`. */
export async function unpin(store: LogStore, logId: string): Promise<boolean> {
  if ((await store.info(logId)) === undefined) throw runNotFound({ logId, operation: 'unpin' });
  if ((await pinOf(store, logId)) === null) return false;
  await write(store, logId, null);
  return true;
}

/** True when an id leaves room for a pin. */
export function canBePinned(logId: string): boolean {
  return pinId(logId).length <= commitLimits.idCharacters;
}

async function write(store: LogStore, logId: string, value: string | null): Promise<void> {
  await store.commit([], [{ kind: pinKind, id: pinId(logId), expectedVersion: 'any', value }]);
}

function pinId(logId: string): string {
  return `${logId}/pin`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A pin that cannot be read still pins.
    return null;
  }
}
