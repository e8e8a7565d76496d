/** Decides what the file in a project's own folder says about it. */
import { posix } from 'node:path';
import type { LegacyFiles } from './legacy-files.ts';
import { readYaml } from './read-yaml.ts';
import { isValues, mappingAt, valueAt, type Values, wordAt } from './values.ts';

export type ProjectSettings =
  | {
      readonly state: 'read';
      /** Behavior only. */
      readonly settings: Values;
      /** What an old file of the wrapped form says about identity besides. */
      readonly identity: Values;
      /** The defaults of such a file. */
      readonly defaults: Values;
    }
  /** The file is there and says nothing that can be used. */
  | { readonly state: 'degraded'; readonly problem: string };

export const identityKeys: ReadonlySet<string> = new Set([
  'projectId',
  'path',
  'repo',
  'originUrl',
  'defaultBranch',
  'source',
  'registeredAt',
  'displayName',
  'name',
  'sessionPrefix',
  'storageKey',
]);

const nothing: ProjectSettings = { state: 'read', settings: {}, identity: {}, defaults: {} };

export function readProjectSettings(
  files: LegacyFiles,
  project: { readonly id: string; readonly path: string; readonly strictParity: boolean },
): ProjectSettings {
  const found = settingsFile(files, project.path);
  if (found === null) return nothing;
  const file = files.read(found);
  if (file.state === 'absent') return nothing;
  if (file.state === 'unreadable') return { state: 'degraded', problem: file.reason };
  const yaml = readYaml(file.text);
  if (yaml.state === 'malformed') return { state: 'degraded', problem: yaml.problem };
  if (yaml.value === null || yaml.value === undefined) return nothing;
  if (!isValues(yaml.value)) return { state: 'degraded', problem: 'it is not a mapping' };
  if (isValues(valueAt(yaml.value, 'projects'))) return readWrapped(yaml.value, project);
  return { state: 'read', settings: behaviorOf(yaml.value), identity: {}, defaults: {} };
}

/** The path of the file, by which also its time is found out. */
export function settingsFile(files: LegacyFiles, projectPath: string): string | null {
  const paths = ['yaml', 'yml'].map((ending) => posix.join(projectPath, `agent-orchestrator.${ending}`));
  return paths.find((path) => files.read(path).state !== 'absent') ?? null;
}

/** What of a mapping is not identity. */
export function behaviorOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !identityKeys.has(key)));
}

function readWrapped(
  file: Values,
  { id, path, strictParity }: { readonly id: string; readonly path: string; readonly strictParity: boolean },
): ProjectSettings {
  const problem = 'it is of the old form, with `projects:`';
  if (strictParity) return { state: 'degraded', problem };
  const entries = Object.entries(mappingAt(file, 'projects'));
  const [, entry] =
    entries.find(([key]) => key === id) ??
    entries.find(([, value]) => isValues(value) && wordAt(value, 'path') === path) ??
    (entries.length === 1 ? entries : [])[0] ??
    [];
  if (!isValues(entry)) return { state: 'degraded', problem: `${problem}, and none of them is this one` };
  return {
    state: 'read',
    settings: behaviorOf(entry),
    identity: Object.fromEntries(
      Object.entries(entry).filter(([key]) => identityKeys.has(key) && key !== 'path'),
    ),
    defaults: mappingAt(file, 'defaults'),
  };
}
