/** Decides which projects the legacy tool knows: the `projects:` of its global file, or of one that somebody names. */
import { registryUnreadable } from '../errors.ts';
import type { Places } from '../places.ts';
import type { LegacyFiles } from './legacy-files.ts';
import { readYaml } from './read-yaml.ts';
import { isValues, mappingAt, valueAt, type Values } from './values.ts';

export interface RegistryEntry {
  readonly id: string;
  /** `null` for an entry that is no mapping. */
  readonly values: Values | null;
}

export interface Registry {
  readonly path: string;
  readonly modifiedMs: number | null;
  /** In the order of the file. */
  readonly entries: readonly RegistryEntry[];
  readonly defaults: Values;
  /** What somebody set at the top that the rewrite has nothing for, in the order of the file. */
  readonly otherKeys: readonly string[];
}

const ownKeys = new Set(['projects', 'defaults', 'projectOrder']);
const ownDefaults = new Set(['agent', 'worker', 'orchestrator']);

/** `null` when there is nothing to read: no file, or an empty one. Throws `LegacyRegistryError`. */
export function readRegistry(
  files: LegacyFiles,
  { config: path, isConfigNamed }: Pick<Places, 'config' | 'isConfigNamed'>,
): Registry | null {
  const file = files.read(path);
  if (file.state === 'absent') {
    if (isConfigNamed) throw registryUnreadable({ path, problem: 'it is not there' });
    return null;
  }
  if (file.state === 'unreadable') throw registryUnreadable({ path, problem: file.reason });
  const yaml = readYaml(file.text);
  if (yaml.state === 'malformed') throw registryUnreadable({ path, problem: yaml.problem });
  if (yaml.value === null || yaml.value === undefined) return null;
  if (!isValues(yaml.value)) throw registryUnreadable({ path, problem: 'it is not a mapping' });
  const top = yaml.value;
  const projects = valueAt(top, 'projects') ?? {};
  if (!isValues(projects)) throw registryUnreadable({ path, problem: '`projects` is not a mapping' });
  const defaults = mappingAt(top, 'defaults');
  return {
    path,
    modifiedMs: files.modifiedMs(path),
    entries: Object.entries(projects).map(([id, values]) => ({
      id,
      values: isValues(values) ? values : null,
    })),
    defaults,
    otherKeys: [
      ...Object.keys(top).filter((key) => !ownKeys.has(key) && !isEmpty(top[key])),
      ...Object.keys(defaults)
        .filter((key) => !ownDefaults.has(key) && !isEmpty(defaults[key]))
        .map((key) => `defaults.${key}`),
    ],
  };
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}
