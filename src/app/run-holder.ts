/** Decides whether somebody is writing a run just now, as far as a reader can tell. */
import { hostname } from 'node:os';
import process from 'node:process';
import type { LogInfo } from '../log/index.ts';
import type { RunHolder } from '../view/index.ts';

/** Who holds a run; `null` when nobody does, the claim has lapsed, or its process of this machine is gone. */
export function runHolder({ owner }: Pick<LogInfo, 'owner'>, nowMs: number): RunHolder | null {
  if (owner === null || Date.parse(owner.expiresAt) <= nowMs) return null;
  if (owner.host === hostname() && !isAlive(owner.pid)) return null;
  return { host: owner.host, pid: owner.pid, expiresAt: owner.expiresAt };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be signalled, and lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
