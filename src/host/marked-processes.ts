/**
 * Decides which processes belong to a program that was started with a mark: its group, and on Linux everything whose environment has
 * the mark, wherever it stands now. Elsewhere the group has to do.
 */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** The name of the mark in the environment. */
export const markName = 'RUNLOG_AGENT_RUN';

/** How often a process that was killed is looked for again. */
const pollMs = 10;

/** Sends a signal to a group; a group that is gone has had it. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  send(-pid, signal);
}

/** Sends a signal to the group and to everything that has the mark. */
export function signalMarked(mark: string, pid: number, signal: NodeJS.Signals): void {
  signalGroup(pid, signal);
  for (const marked of markedProcesses(mark)) send(marked, signal);
}

/**
 * Ends what is left of a program that has exited, or whose starter has died: asks it first, so that it can write down what it knows, and
 * kills it and its group after `graceMs`; at once without. Resolves when nothing with the mark runs any more, with how many there were.
 */
export async function endMarked(mark: string, pid: number | null, graceMs = 0): Promise<number> {
  const ended = graceMs > 0 ? await askMarked(mark, graceMs) : new Set<number>();
  if (pid !== null) signalGroup(pid, 'SIGKILL');
  for (let left = markedProcesses(mark); left.length > 0; left = markedProcesses(mark)) {
    for (const marked of left) {
      ended.add(marked);
      send(marked, 'SIGKILL');
    }
    await sleep(pollMs);
  }
  return ended.size;
}

/** Asks everything with the mark to end, what is started meanwhile too, and waits for it. Resolves with who was asked. */
async function askMarked(mark: string, graceMs: number): Promise<Set<number>> {
  const asked = new Set<number>();
  for (let waitedMs = 0; waitedMs < graceMs; waitedMs += pollMs) {
    const left = markedProcesses(mark);
    if (left.length === 0) break;
    for (const marked of left) {
      if (!asked.has(marked)) send(marked, 'SIGTERM');
      asked.add(marked);
    }
    await sleep(pollMs);
  }
  return asked;
}

/** Processes of this user whose environment has the mark; none where the platform does not tell. */
export function markedProcesses(mark: string): readonly number[] {
  const wanted = `${markName}=${mark}`;
  return names('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(wanted))
    .map(Number);
}

/** Empty for a process of somebody else, and for one that has died and is not yet waited for. */
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended in the meantime; anything else is the fault of whoever asked.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
