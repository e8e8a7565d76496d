/** Decides how this process learns in which folder it works: it may be one that somebody has removed. */
import process from 'node:process';

/** The folder in which this process works; `null` when it is not there any more. */
export function presentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    // The system call fails for no other reason.
    return null;
  }
}
