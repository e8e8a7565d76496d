/** Decides what the dashboard of the legacy tool remembered about projects: their names, and when they were added. */
import { posix } from 'node:path';
import type { LegacyFiles } from './legacy-files.ts';
import { isValues, mappingAt, parsedJson, textAt, valueAt, type Values, wordAt } from './values.ts';

export interface Portfolio {
  displayNameOf(projectId: string): string | null;
  /** What somebody chose there besides a name. */
  choicesFor(projectId: string): readonly string[];
  /** As written; the caller decides whether it is a time. */
  addedAtOf(projectId: string, projectPath: string): string | null;
}

/** A file that is damaged, or of another version, says nothing. */
export function readPortfolio(files: LegacyFiles, base: string): Portfolio {
  const preferences = versionOne(files, posix.join(base, 'portfolio', 'preferences.json'));
  const registered = valueAt(versionOne(files, posix.join(base, 'portfolio', 'registered.json')), 'projects');
  const rows = (Array.isArray(registered) ? registered : []).filter(isValues);
  const preferencesOf = (id: string): Values => mappingAt(mappingAt(preferences, 'projects'), id);
  return {
    displayNameOf: (id) => wordAt(preferencesOf(id), 'displayName'),
    choicesFor: (id) => Object.keys(preferencesOf(id)).filter((key) => key !== 'displayName'),
    addedAtOf(id, path) {
      const row =
        rows.find((entry) => textAt(entry, 'configProjectKey') === id) ??
        rows.find(
          (entry) => posix.normalize(`${textAt(entry, 'path') ?? ''}/`) === posix.normalize(`${path}/`),
        );
      return row === undefined ? null : textAt(row, 'addedAt');
    },
  };
}

function versionOne(files: LegacyFiles, path: string): Values {
  const file = files.read(path);
  const value = file.state === 'text' ? parsedJson(file.text) : undefined;
  return isValues(value) && valueAt(value, 'version') === 1 ? value : {};
}
