/** Decides from where a run or a session is said to have come: its mark tells, which is written when it is brought from elsewhere. */
import { type LogInfo, type LogStore, withoutCredentials } from '../../log/index.ts';
import { readMark } from '../../migrate/index.ts';
import type { BroughtFrom } from '../../view/index.ts';

/** `null` for what was made here, or came whole from a store of our own. Rejects with `DamagedHistoryError`. */
export async function broughtFrom(store: LogStore, { head }: LogInfo): Promise<BroughtFrom | null> {
  const mark = await readMark(store, head);
  if (mark === null) return null;
  const { source, format, skipped, inexact } = mark;
  return { source: withoutCredentials(source), format, leftOut: skipped, inexact };
}
