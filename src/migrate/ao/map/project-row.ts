/** Decides the row of a project. */
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import type { Portfolio } from '../legacy/portfolio.ts';
import { settingsFile } from '../legacy/project-settings.ts';
import { mappingAt, valueAt, wordAt } from '../legacy/values.ts';
import { projectNote, type Note } from '../note.ts';
import type { EffectiveProject } from './effective-project.ts';
import { parseTime, timeOfMs, timeOfSeconds } from './timestamp.ts';

export interface ProjectRow {
  readonly id: string;
  readonly path: string;
  readonly repoOriginUrl: string;
  readonly displayName: string;
  readonly registeredAt: string;
  /** JSON, or `null`. */
  readonly config: string | null;
}

export interface RowSource {
  readonly files: LegacyFiles;
  readonly portfolio: Portfolio;
  readonly registryModifiedMs: number | null;
  readonly nowMs: number;
  readonly strictParity: boolean;
}

export interface MappedProject {
  readonly row: Omit<ProjectRow, 'config'>;
  readonly notes: readonly Note[];
}

export function mapProject(project: EffectiveProject, source: RowSource): MappedProject {
  const { id, path } = project;
  const registered = registeredAt(project, source);
  const isThere = source.files.isFolder(path);
  const choices = source.portfolio.choicesFor(id);
  return {
    row: {
      id,
      path,
      repoOriginUrl: originOf(project, source, isThere),
      displayName: displayNameOf(project, source),
      registeredAt: registered.time,
    },
    notes: [
      ...(isThere ? [] : [projectNote(id, `path missing: there is no folder ${path}`)]),
      ...registered.notes.map((text) => projectNote(id, text)),
      ...(choices.length === 0
        ? []
        : [projectNote(id, `choices of the dashboard with no rewrite home dropped: ${choices.join(', ')}`)]),
    ],
  };
}

function originOf(
  { identity, path }: EffectiveProject,
  { files, strictParity }: RowSource,
  isThere: boolean,
): string {
  const found = isThere ? files.originOf(path) : '';
  if (found !== '' || strictParity) return found;
  return wordAt(mappingAt(identity, 'repo'), 'originUrl') ?? wordAt(identity, 'originUrl') ?? '';
}

function displayNameOf({ id, identity }: EffectiveProject, { portfolio, strictParity }: RowSource): string {
  const chosen = strictParity ? null : portfolio.displayNameOf(id);
  const name = chosen ?? wordAt(identity, 'displayName') ?? wordAt(identity, 'name') ?? '';
  return name === id ? '' : name;
}

function registeredAt(
  { id, path, identity }: EffectiveProject,
  { files, portfolio, registryModifiedMs, nowMs, strictParity }: RowSource,
): { readonly time: string; readonly notes: readonly string[] } {
  const added = portfolio.addedAtOf(id, path);
  const known = parseTime(added);
  const notes =
    added !== null && known === null ? [`addedAt "${added}" is no time - the next source is used`] : [];
  const stored = strictParity ? null : timeOfSeconds(valueAt(identity, 'registeredAt'));
  const file = settingsFile(files, path);
  const fileTime = timeOf(file === null ? null : files.modifiedMs(file));
  const registryTime = strictParity ? null : timeOf(registryModifiedMs);
  const time = known ?? stored ?? fileTime ?? registryTime ?? new Date(nowMs).toISOString();
  return { time, notes };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : timeOfMs(ms);
}
