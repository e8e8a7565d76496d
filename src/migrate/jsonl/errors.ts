/** Decides how a file of events says no: which line, and why; the rest of the house hears it as one error. */
import { errorClass, StorageError, type StructuredError } from '../../base/index.ts';

/** A file of events is not what `runlog export-trace --format jsonl` writes, or not all of it. */
export const DamagedExportError = errorClass('DamagedExportError', StorageError);

/** Why a line cannot be taken; whoever reads the lines knows its number. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';
}

export function damagedExport(data: {
  readonly location: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
  readonly runId: string | null;
}): StructuredError {
  const { location, line, reason, runId } = data;
  const where = runId === null ? '' : `, in run '${runId}'`;
  return new DamagedExportError({
    summary: `line ${line} of '${location}' is refused: ${reason}`,
    whatFailed: `Line ${line}${where}: ${reason}.`,
    why: 'A run comes whole and as it was, or not at all: history with a hole or with a changed event would look like the true one.',
    howToFix:
      'Export the run again: `runlog export-trace SOURCE_URL --run-id RUN --format jsonl --output FILE` writes a whole file or none.',
    context: { location, line, reason, run_id: runId },
  });
}
