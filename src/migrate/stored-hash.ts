/** Decides what the chain hash at a place of a stored log is: the one that stands with its event, and the beginning's at place 0. */
import { genesisHash, type LogStore } from '../log/index.ts';

/** `null` when the log has no such place. */
export async function storedHashAt(store: LogStore, logId: string, seq: number): Promise<string | null> {
  if (seq === 0) return genesisHash;
  for await (const [event] of store.read(logId, { after: seq - 1, before: seq + 1, hashes: true }))
    return event?.hash ?? null;
  return null;
}
