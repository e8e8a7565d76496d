/** Decides what a migration needs of the side that it writes to: the database of the rewrite, and the folders of transcripts. */
import type { OrchestratorRow, TranscriptPlan } from '../map/orchestrator-row.ts';
import type { ProjectRow } from '../map/project-row.ts';
import type { Migration } from '../../../schema/index.ts';
import type { ExistingRows } from './existing-rows.ts';

export interface ColumnLook {
  readonly name: string;
  /** No value may be left out of an insert. */
  readonly isNeeded: boolean;
}

export interface SchemaLook {
  /** Versions that goose calls applied, 0 left out. */
  readonly applied: readonly number[];
  readonly projects: readonly ColumnLook[];
  readonly sessions: readonly ColumnLook[];
}

export type TargetLook =
  /** No file, or one of no bytes. */
  | { readonly state: 'absent' }
  | { readonly state: 'locked' }
  | { readonly state: 'not-a-database'; readonly reason: string }
  /** The database, or the folder that it would be in, cannot be read or written. */
  | { readonly state: 'out-of-reach'; readonly reason: string }
  | { readonly state: 'there'; readonly schema: SchemaLook; rows(): ExistingRows };

/** One transaction in the database. Ends with `commit` or `rollback`, whichever comes first. */
export interface TargetTransaction {
  readonly isNew: boolean;
  readonly schema: SchemaLook;
  rows(): ExistingRows;
  /** False when a row of that id is there. Throws what the database says. */
  insertProject(row: ProjectRow): boolean;
  insertOrchestrator(row: OrchestratorRow): boolean;
  /** A new database is put in its place by it. Throws when it cannot be, and then nothing has been written. */
  commit(): void;
  rollback(): void;
}

export type TargetOpening =
  | { readonly state: 'open'; readonly transaction: TargetTransaction }
  | Exclude<TargetLook, { readonly state: 'there' }>;

export interface AoTarget {
  /** Reads only, and makes no file. */
  look(): Promise<TargetLook>;
  /** Takes the write lock of the database, or begins a new one beside its place when `migrations` are given. */
  open(migrations: readonly Migration[] | null): Promise<TargetOpening>;
}

/** `copied` is the only one that counts. */
export type TranscriptOutcome =
  /** `remark`: what a person has to know about the text of it. */
  | { readonly state: 'copied'; readonly remark: string | null }
  | { readonly state: 'present' | 'missing' }
  | { readonly state: 'failed'; readonly reason: string };

export interface Transcripts {
  /** What `copy` would do. */
  look(plan: TranscriptPlan): TranscriptOutcome;
  /** Never throws, never replaces a file, and keeps the source. */
  copy(plan: TranscriptPlan): TranscriptOutcome;
}
