/** Decides where everything is: the legacy state, the rewrite's database, and the transcripts, by environment and home folder. */
import { join, resolve } from 'node:path';

export interface Places {
  readonly home: string;
  /** `~/.agent-orchestrator`; no variable moves it. */
  readonly base: string;
  readonly config: string;
  /** True when somebody asked for this very file: then it has to be there. */
  readonly isConfigNamed: boolean;
  /** The legacy tool's own run file. */
  readonly legacyRunFile: string;
  /** Where the legacy tool looked for a configuration before it had a registry. */
  readonly olderConfigs: readonly string[];
  readonly dataDir: string;
  readonly database: string;
  /** The rewrite's run file. */
  readonly runFile: string;
  readonly claudeProjects: string;
  readonly codexHome: string;
  readonly opencodeData: string;
}

export interface PlacesInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly workingDirectory: string;
  /** The file to read instead of the registry. */
  readonly config?: string;
}

export function resolvePlaces({ env, home, workingDirectory, config }: PlacesInput): Places {
  const base = join(home, '.agent-orchestrator');
  const dataDir = setValue(env['AO_DATA_DIR']) ?? join(home, '.ao', 'data');
  const configHome = setValue(env['XDG_CONFIG_HOME']);
  const named = config ?? setValue(env['AO_GLOBAL_CONFIG']);
  return {
    home,
    base,
    config:
      named === undefined
        ? join(configHome === undefined ? base : join(configHome, 'agent-orchestrator'), 'config.yaml')
        : resolve(workingDirectory, named),
    isConfigNamed: config !== undefined,
    legacyRunFile: join(base, 'running.json'),
    olderConfigs: [
      join(home, '.agent-orchestrator.yaml'),
      join(home, '.agent-orchestrator.yml'),
      join(home, '.config', 'agent-orchestrator', 'config.yaml'),
    ],
    dataDir,
    database: join(dataDir, 'ao.db'),
    runFile: setValue(env['AO_RUN_FILE']) ?? join(home, '.ao', 'running.json'),
    codexHome: setValue(env['CODEX_HOME']) ?? join(home, '.codex'),
    opencodeData: join(setValue(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'opencode'),
    claudeProjects: join(setValue(env['CLAUDE_CONFIG_DIR']) ?? join(home, '.claude'), 'projects'),
  };
}

/** A variable that holds blanks only is not set. */
function setValue(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}
