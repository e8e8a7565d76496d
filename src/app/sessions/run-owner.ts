/** Decides how a process is named in the lease of a run of an agent, and which runs nobody works on any more, as far as this machine can tell. */
import { isGone, markedProcesses, type ProcessIdentity, thisProcess } from '../../host/index.ts';
import { type Execution, isLeftBehind, leaseOf } from '../../sessions/index.ts';
import type { ShownExecution } from '../../view/index.ts';
import { nodePlatform } from '../node-platform.ts';

/** This process, as it stands in a lease, and what tells of another whether it is gone. */
export interface RunOwner {
  readonly owner: string;
  readonly isOwnerGone: (owner: string) => boolean;
}

export function runOwner(): RunOwner {
  const self = thisProcess();
  const { host, boot, pid, processStart } = self;
  return {
    owner: JSON.stringify([host, boot, pid, processStart]),
    isOwnerGone: (owner) => {
      const other = readOwner(owner);
      return other !== null && isGone(other, self);
    },
  };
}

/** True when nobody works on a run any more, by the judgement with which a manager recovers it. */
export function isInterrupted(run: Execution): boolean {
  return isLeftBehind(run, { nowMs: nodePlatform.nowMs(), isOwnerGone: runOwner().isOwnerGone });
}

/** Each run with whether it was left behind, by the judgement with which a manager recovers it. Nothing is written. */
export function judgedRuns(runs: readonly Execution[]): readonly ShownExecution[] {
  return runs.map((run) => {
    const isLeft = isInterrupted(run);
    return {
      ...run,
      isInterrupted: isLeft,
      leftoverPids: isLeft ? markedProcesses(run.id) : [],
      continuation: leaseOf(run)?.continuation ?? null,
    };
  });
}

/** `null` for an owner that was not named by `runOwner`: in doubt it lives. */
function readOwner(owner: string): ProcessIdentity | null {
  try {
    const parts: unknown = JSON.parse(owner);
    const part = (index: number): unknown => Reflect.get(Object(parts), index);
    const [host, boot, pid, processStart] = [part(0), part(1), part(2), part(3)];
    const isWhole =
      typeof host === 'string' &&
      typeof boot === 'string' &&
      typeof pid === 'number' &&
      typeof processStart === 'string';
    return isWhole ? { host, boot, pid, processStart } : null;
  } catch {
    return null;
  }
}
