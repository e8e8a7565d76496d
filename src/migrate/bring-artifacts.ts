/**
 * Decides how the artifacts of a session come along: before its log does, so that no session of the destination names bytes that are not
 * there. What does not come along is told.
 */
import type { WholeLogStore } from '../log/index.ts';
import { artifactKind, type ArtifactWay, checkArtifactRows, copyArtifactRows } from '../sessions/index.ts';
import type { ChosenRun } from './choose-runs.ts';
import { takeRecords } from './session-documents.ts';
import type { MigrationSource } from './source.ts';

export interface BringOptions {
  readonly artifacts?: Omit<ArtifactWay, 'storeId'>;
  readonly dryRun?: boolean;
  readonly skipCorrupted?: boolean;
}

export interface BroughtArtifacts {
  /** How many are in the destination; with a dry run, would be. */
  readonly artifacts: number;
  readonly notes: readonly string[];
}

const none: BroughtArtifacts = { artifacts: 0, notes: [] };

/** Rejects with the errors of artifacts; nothing of the session has come then. */
export async function bringArtifacts(
  source: MigrationSource,
  chosen: ChosenRun,
  destination: Pick<WholeLogStore, 'storeId'>,
  { artifacts: way, dryRun = false, skipCorrupted = false }: BringOptions,
): Promise<BroughtArtifacts> {
  if (chosen.run.kind !== 'session') return none;
  const { records } = await takeRecords(source, chosen, skipCorrupted);
  const rows = records.filter(({ kind }) => kind === artifactKind);
  if (rows.length === 0) return none;
  if (way === undefined) {
    const note = `the bytes of ${rows.length} artifacts stay where they are; --artifacts-from and --artifacts-to bring them along`;
    return { artifacts: 0, notes: [note] };
  }
  if (dryRun) await checkArtifactRows(rows, way.from);
  else await copyArtifactRows(rows, { ...way, storeId: destination.storeId });
  return { artifacts: rows.length, notes: [] };
}
