/** Decides whether somebody is writing a run just now, as far as a reader can tell. */
import { isGone, thisProcess } from '../host/index.ts';
import type { LogInfo } from '../log/index.ts';
import type { RunHolder } from '../view/index.ts';

/** Who holds a run; `null` when nobody does, the claim has lapsed, or its process of this machine is gone. */
export function runHolder({ owner }: Pick<LogInfo, 'owner'>, nowMs: number): RunHolder | null {
  if (owner === null || Date.parse(owner.expiresAt) <= nowMs) return null;
  const { host, pid, expiresAt } = owner;
  const self = thisProcess();
  // Of the start of machine and process the row of a run says nothing.
  if (isGone({ host, pid, boot: self.boot, processStart: '' }, self)) return null;
  return { host, pid, expiresAt };
}
