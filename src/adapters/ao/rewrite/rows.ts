/** Decides how a row looks on its way into the database: a structure of its own, which the planner's rows fit. */

export interface ProjectValues {
  readonly id: string;
  readonly path: string;
  readonly repoOriginUrl: string;
  readonly displayName: string;
  readonly registeredAt: string;
  readonly config: string | null;
}

export interface SessionValues {
  readonly id: string;
  readonly projectId: string;
  readonly num: number;
  readonly harness: string;
  readonly activityState: string;
  readonly activityLastAt: string;
  readonly isTerminated: boolean;
  readonly branch: string;
  readonly workspacePath: string;
  readonly agentSessionId: string;
  readonly prompt: string;
  readonly displayName: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface KnownRows {
  readonly projects: readonly { readonly id: string; readonly path: string; readonly isArchived: boolean }[];
  readonly sessions: readonly { readonly id: string; readonly projectId: string; readonly num: number }[];
}

export interface KnownColumn {
  readonly name: string;
  readonly isNeeded: boolean;
}

export interface KnownSchema {
  readonly applied: readonly number[];
  readonly projects: readonly KnownColumn[];
  readonly sessions: readonly KnownColumn[];
}
