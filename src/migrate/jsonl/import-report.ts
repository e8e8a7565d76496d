/** Decides what is told of an import: for each run of the file what became of it. */
import type { RunReport } from '../report.ts';

export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
  /** `null` for a line that stands in no run. */
  readonly runId: string | null;
}

/** What an import did, run by run, and which lines it refused. */
export interface ImportReport {
  readonly source: string;
  readonly format: string;
  readonly destination: string;
  readonly isDryRun: false;
  readonly runs: readonly RunReport[];
  /** Lines that are not what an export writes; nothing of their runs is there. */
  readonly refused: readonly RefusedLine[];
  /** True when all runs of the file are there. */
  readonly ok: boolean;
  /** True when it was ended before the last line: the same call goes on. */
  readonly isStopped: boolean;
  /** What belongs to no run. */
  readonly notes: readonly string[];
}

/** Told again and again while an import goes on. */
export interface ImportProgress {
  readonly runId: string;
  /** From 1. */
  readonly run: number;
  readonly phase: 'copy' | 'verify';
  /** Events done in this phase of this run, and how many it has. */
  readonly events: number;
  readonly ofEvents: number;
}
