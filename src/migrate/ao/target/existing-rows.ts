/** Decides what of the rows that are there already matters for those that come. */

export interface ExistingProject {
  readonly id: string;
  readonly path: string;
  readonly isArchived: boolean;
}

export interface ExistingSession {
  readonly id: string;
  readonly projectId: string;
  readonly num: number;
}

export interface ExistingRows {
  readonly projects: readonly ExistingProject[];
  readonly sessions: readonly ExistingSession[];
}

export const noRows: ExistingRows = { projects: [], sessions: [] };
