/**
 * Decides how a process is named in the table of owners, and how another process tells that it is gone. A pid alone says
 * nothing: it is reused, it repeats in every container, and it means nothing after the machine has started again.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** A process among all of this machine, across its restarts. */
export interface ProcessIdentity {
  readonly host: string;
  /** One start of one machine, and one space of process ids in it; empty where the platform does not tell. */
  readonly boot: string;
  readonly pid: number;
  /** When the process was started, in the words of the operating system; empty where it does not tell. */
  readonly processStart: string;
}

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), boot: bootOf(), pid: process.pid, processStart: startOf(process.pid).start };
}

/** True when it is certain that a process does not run any more. In doubt it lives, and its lease has to end. */
export function isGone(other: ProcessIdentity, self: ProcessIdentity): boolean {
  if (other.host !== self.host || other.boot !== self.boot) return false;
  if (!exists(other.pid)) return true;
  const { start, isDead } = startOf(other.pid);
  return isDead || (start !== '' && other.processStart !== '' && start !== other.processStart);
}

/** Linux knows both; elsewhere a host name has to do, and a start of the machine is noticed by the end of the lease. */
function bootOf(): string {
  const bootId = readOrEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pidSpace = readOrEmpty(() => readlinkSync('/proc/self/ns/pid'));
  return bootId === '' ? '' : `${bootId} ${pidSpace}`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** A process that nobody has waited for keeps its pid after its death (Z). */
function startOf(pid: number): { readonly start: string; readonly isDead: boolean } {
  const stat = readOrEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the name of the program in brackets, and may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { start: fields[19] ?? '', isDead: fields[0] === 'Z' || fields[0] === 'X' };
}

function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
