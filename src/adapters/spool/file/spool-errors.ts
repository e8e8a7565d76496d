/** Decides how the file of a spool says no: another process has it, the file system fails, or a line is not as it was written. */
import type { StructuredError } from '../../../base/index.ts';
import { sessionError } from '../../../sessions/index.ts';

export function spoolInUse(data: {
  readonly path: string;
  readonly pid: number;
  readonly host: string;
}): StructuredError {
  return sessionError('storage_error', `the spool '${data.path}' is in use by process ${data.pid}`, {
    details: { path: data.path, pid: data.pid, host: data.host },
    whatFailed: `The spool '${data.path}' was to be opened, and process ${data.pid} on ${data.host} has it open.`,
    why: 'Two processes on one spool would remove what the other one has not delivered yet.',
    howToFix: 'Give each process a spool file of its own, or end the other one.',
  });
}

export function spoolAccessFailed(data: {
  readonly operation: 'open' | 'read' | 'write';
  readonly path: string;
  readonly cause: unknown;
}): StructuredError {
  const problem = data.cause instanceof Error ? data.cause.message : String(data.cause);
  const code = data.operation === 'read' ? 'storage_read_failed' : 'storage_write_failed';
  return sessionError(code, `cannot ${data.operation} the spool '${data.path}': ${problem}`, {
    details: { operation: data.operation, path: data.path, problem },
    whatFailed: `The file system refused to ${data.operation} '${data.path}': ${problem}.`,
    why: 'An event is told to be kept only when it is on the disk.',
    howToFix: `Look at the rights of '${data.path}' and at the space on its disk, then hand the event in again.`,
    cause: data.cause,
  });
}

export function spoolDamaged(data: { readonly path: string; readonly atByte: number }): StructuredError {
  return sessionError('storage_read_failed', `the spool '${data.path}' is damaged at byte ${data.atByte}`, {
    details: { path: data.path, at_byte: data.atByte },
    whatFailed: `A line of '${data.path}' is not as it was written, and no crash leaves such a one.`,
    why: 'A crash cuts off the last line only; this was something else, and leaving the line out would lose events unseen, or a file that is no spool.',
    howToFix: `Check that '${data.path}' is the spool. If it is, keep a copy, take the damaged line out by hand, and open it again.`,
  });
}
