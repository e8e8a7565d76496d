/** Decides which settings of a project the rewrite gets, as the JSON of its column, and which are told as dropped. */
import { isSet, isValues, mappingAt, valueAt, type Values, wordAt } from '../legacy/values.ts';
import { projectNote, type Note } from '../note.ts';
import type { EffectiveProject, EffectiveRole } from './effective-project.ts';
import { mapHarness } from './harness.ts';
import { mapPermission } from './permission.ts';

/** The shape that the rewrite reads; keys in the order in which it writes them. */
export interface ProjectConfig {
  readonly defaultBranch?: string;
  readonly sessionPrefix?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly symlinks?: readonly string[];
  readonly postCreate?: readonly string[];
  readonly agentConfig?: AgentConfig;
  readonly worker?: RoleConfig;
  readonly orchestrator?: RoleConfig;
}

interface AgentConfig {
  readonly model?: string;
  readonly permissions?: string;
}

interface RoleConfig {
  readonly agent?: string;
  readonly agentConfig?: AgentConfig;
}

export interface MappedConfig {
  /** `null` when nothing is to be kept. */
  readonly config: ProjectConfig | null;
  readonly notes: readonly Note[];
}

export interface ConfigOptions {
  readonly strictParity: boolean;
  /** The name of a session depends on a prefix that nobody stored, so it has to be stored now. */
  readonly isPrefixNeeded: boolean;
}

export function mapProjectConfig(project: EffectiveProject, options: ConfigOptions): MappedConfig {
  const { settings, identity } = project;
  const { strictParity } = options;
  const told: string[] = [];
  const note = (text: string): void => void told.push(text);
  const branch = wordAt(identity, 'defaultBranch');
  const env = mapEnv(valueAt(settings, 'env'), note);
  const symlinks = mapList(settings, 'symlinks', note, strictParity ? () => true : isInsideRepo);
  const postCreate = mapList(settings, 'postCreate', note, () => true);
  const agentConfig = mapAgentConfig(mappingAt(settings, 'agentConfig'), 'project', strictParity, note);
  const worker = mapRole(project.worker, 'worker', strictParity, note);
  const orchestrator = mapRole(project.orchestrator, 'orchestrator', strictParity, note);
  if (project.prefixSource === 'unfit')
    note(`session prefix "${project.legacyPrefix}" is not one that the rewrite takes - left out`);
  const isPrefixKept =
    project.prefixSource === 'stored' ||
    (project.prefixSource === 'guessed' && (options.isPrefixNeeded || strictParity));
  const config: ProjectConfig = {
    ...(branch === null || branch === 'main' ? {} : { defaultBranch: branch }),
    ...(isPrefixKept ? { sessionPrefix: project.prefix } : {}),
    ...(env === null ? {} : { env }),
    ...(symlinks === null ? {} : { symlinks }),
    ...(postCreate === null ? {} : { postCreate }),
    ...(agentConfig === null ? {} : { agentConfig }),
    ...(worker === null ? {} : { worker }),
    ...(orchestrator === null ? {} : { orchestrator }),
  };
  const dropped = droppedFields(settings, strictParity);
  if (dropped.length > 0) note(`project-level fields with no rewrite home dropped: ${dropped.join(', ')}`);
  return {
    config: Object.keys(config).length === 0 ? null : config,
    notes: told.map((text) => projectNote(project.id, text)),
  };
}

type Tell = (text: string) => void;

/** Texts as they are, numbers and truth values as text. */
function mapEnv(value: unknown, note: Tell): Readonly<Record<string, string>> | null {
  if (!isValues(value)) return null;
  const kept: [string, string][] = [];
  for (const [name, content] of Object.entries(value)) {
    if (typeof content === 'string') kept.push([name, content]);
    else if (typeof content === 'number' || typeof content === 'boolean') kept.push([name, String(content)]);
    else note(`env ${name} is no text - dropped`);
  }
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function mapList(
  settings: Values,
  key: string,
  note: Tell,
  isFit: (item: string) => boolean,
): readonly string[] | null {
  const value = valueAt(settings, key);
  if (!Array.isArray(value)) {
    if (isSet(settings, key)) note(`${key} is no list - dropped`);
    return null;
  }
  const kept: string[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item === 'string' && item.trim() !== '' && isFit(item)) kept.push(item);
    else note(`${key} entry ${JSON.stringify(item)} is not one that the rewrite takes - dropped`);
  }
  return kept.length === 0 ? null : kept;
}

/** The rewrite refuses links that lead out of the repository when it starts a session, which is too late to learn of it. */
function isInsideRepo(path: string): boolean {
  return !/^([/\\~]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..');
}

function mapAgentConfig(
  values: Values,
  of: 'project' | 'worker' | 'orchestrator',
  strictParity: boolean,
  note: Tell,
): AgentConfig | null {
  const model = wordAt(values, 'model');
  const isImplied = strictParity && of === 'project' && !isSet(values, 'permissions');
  const permission = mapPermission(
    isImplied ? 'permissionless' : valueAt(values, 'permissions'),
    of,
    strictParity,
  );
  if (permission.note !== null) note(permission.note);
  if (model === null && permission.value === null) return null;
  return {
    ...(model === null ? {} : { model }),
    ...(permission.value === null ? {} : { permissions: permission.value }),
  };
}

function mapRole(
  { agent, agentConfig }: EffectiveRole,
  role: 'worker' | 'orchestrator',
  strictParity: boolean,
  note: Tell,
): RoleConfig | null {
  const harness = agent === null ? null : mapHarness(agent, strictParity);
  if (agent !== null && harness === null) note(`${role} agent "${agent}" has no rewrite harness - dropped`);
  const config = mapAgentConfig(agentConfig, role, strictParity, note);
  if (harness === null && config === null) return null;
  return {
    ...(harness === null ? {} : { agent: harness }),
    ...(config === null ? {} : { agentConfig: config }),
  };
}

const mappedKeys = new Set([
  'agent',
  'env',
  'symlinks',
  'postCreate',
  'agentConfig',
  'worker',
  'orchestrator',
]);
const ruleKeys = ['agentRules', 'agentRulesFile', 'orchestratorRules'];
const firstDropped = ['tracker', 'scm', 'rules', 'runtime', 'workspace', 'reactions'];

/** What somebody wrote and the rewrite has no place for: first the known ones in their order, then everything else. */
function droppedFields(settings: Values, strictParity: boolean): readonly string[] {
  const isRule = (key: string): boolean => ruleKeys.includes(key);
  const written = Object.keys(settings).filter((key) => isSet(settings, key) && !mappedKeys.has(key));
  const names = new Set(written.map((key) => (isRule(key) ? 'rules' : key)));
  return [
    ...firstDropped.filter((name) => names.has(name)),
    ...[...names].filter((name) => !firstDropped.includes(name)),
    ...(strictParity && isSet(settings, 'agent') ? ['agent'] : []),
    ...droppedAgentFields(settings, strictParity),
  ];
}

function droppedAgentFields(settings: Values, strictParity: boolean): readonly string[] {
  const kept = new Set(['model', 'permissions']);
  const ofRole = (path: string, values: Values, also: string): string[] =>
    Object.keys(values)
      .filter((key) => isSet(values, key) && !kept.has(key) && key !== also)
      .map((key) => `${path}.${key}`);
  return [
    ...ofRole('agentConfig', mappingAt(settings, 'agentConfig'), strictParity ? '' : 'orchestratorModel'),
    ...['worker', 'orchestrator'].flatMap((role) =>
      ofRole(`${role}.agentConfig`, mappingAt(mappingAt(settings, role), 'agentConfig'), ''),
    ),
  ];
}
