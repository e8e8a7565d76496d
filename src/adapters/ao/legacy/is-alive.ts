/** Decides whether a process lives. */
import process from 'node:process';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it lives, and may not be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
