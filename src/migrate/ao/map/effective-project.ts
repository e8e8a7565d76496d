/**
 * Decides what a project of the legacy tool is: identity from the registry, behavior from the file in its folder, from old
 * entries of the registry that still hold some, and from the defaults for all.
 */
import { posix } from 'node:path';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { behaviorOf, readProjectSettings } from '../legacy/project-settings.ts';
import type { Registry } from '../legacy/registry.ts';
import { isSet, mappingAt, textAt, type Values, wordAt } from '../legacy/values.ts';
import { guessedPrefix, isSessionPrefix, prefixOfId } from './session-prefix.ts';

export interface EffectiveProject {
  readonly id: string;
  readonly path: string;
  readonly identity: Values;
  /** What somebody wrote down for this project; defaults are not in it. */
  readonly settings: Values;
  readonly worker: EffectiveRole;
  readonly orchestrator: EffectiveRole;
  /** How its sessions are called on disk. */
  readonly legacyPrefix: string;
  /** How they are called in the rewrite. */
  readonly prefix: string;
  /** Where the prefix comes from; one that is `unfit` was stored, and the rewrite refuses it. */
  readonly prefixSource: 'stored' | 'guessed' | 'unfit';
}

export interface EffectiveRole {
  /** As it is written; `null` when nobody chose one. */
  readonly agent: string | null;
  readonly agentConfig: Values;
}

export type ProjectReading =
  | { readonly state: 'read'; readonly project: EffectiveProject }
  | { readonly state: 'unusable'; readonly problem: string };

/** Both tools run it when nobody chooses. */
export const standardAgent = 'claude-code';

export interface ProjectSource {
  readonly files: LegacyFiles;
  readonly registry: Registry;
  readonly home: string;
  readonly strictParity: boolean;
}

export function readProject(
  { files, registry, home, strictParity }: ProjectSource,
  id: string,
  entry: Values,
): ProjectReading {
  const written = textAt(entry, 'path');
  if (written === null || written.trim() === '') return { state: 'unusable', problem: 'it has no path' };
  const path = projectPath(written, home, posix.dirname(registry.path));
  const local = readProjectSettings(files, { id, path, strictParity });
  if (local.state === 'degraded')
    return { state: 'unusable', problem: `local config could not be resolved: ${local.problem}` };
  const identity = { ...local.identity, ...entry };
  const settings = { ...behaviorOf(entry), ...local.settings };
  const defaults = { ...registry.defaults, ...local.defaults };
  const roles = { settings, defaults, strictParity };
  return {
    state: 'read',
    project: {
      id,
      path,
      identity,
      settings,
      worker: roleOf('worker', roles),
      orchestrator: roleOf('orchestrator', roles),
      ...prefixesOf(id, path, identity),
    },
  };
}

/** Absolute and tidy; `~` is the home folder, and anything else that is relative starts at the registry. */
export function projectPath(written: string, home: string, registryFolder: string): string {
  const path = written.trim();
  if (path === '~') return home;
  const absolute = path.startsWith('~/')
    ? posix.join(home, path.slice(2))
    : posix.resolve(registryFolder, path);
  return absolute.length > 1 ? absolute.replace(/\/+$/, '') : absolute;
}

function roleOf(
  role: 'worker' | 'orchestrator',
  {
    settings,
    defaults,
    strictParity,
  }: { readonly settings: Values; readonly defaults: Values; readonly strictParity: boolean },
): EffectiveRole {
  const own = mappingAt(settings, role);
  const named = wordAt(own, 'agent') ?? wordAt(mappingAt(defaults, role), 'agent');
  const shared = wordAt(settings, 'agent') ?? chosenDefault(defaults);
  const agentConfig = mappingAt(own, 'agentConfig');
  const forAll = mappingAt(settings, 'agentConfig');
  const needsModel = role === 'orchestrator' && !isSet(agentConfig, 'model') && !strictParity;
  const model = needsModel ? wordAt(forAll, 'orchestratorModel') : null;
  return {
    agent: named ?? (strictParity ? null : shared),
    agentConfig: model === null ? agentConfig : { ...agentConfig, model },
  };
}

/** The default of both tools says nothing. */
function chosenDefault(defaults: Values): string | null {
  const agent = wordAt(defaults, 'agent');
  return agent === standardAgent ? null : agent;
}

function prefixesOf(
  id: string,
  path: string,
  identity: Values,
): Pick<EffectiveProject, 'legacyPrefix' | 'prefix' | 'prefixSource'> {
  const stored = wordAt(identity, 'sessionPrefix');
  const legacyPrefix = stored ?? guessedPrefix(path);
  if (isSessionPrefix(legacyPrefix))
    return { legacyPrefix, prefix: legacyPrefix, prefixSource: stored === null ? 'guessed' : 'stored' };
  return { legacyPrefix, prefix: prefixOfId(id), prefixSource: stored === null ? 'guessed' : 'unfit' };
}
