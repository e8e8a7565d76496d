/**
 * Decides how the sessions of the Agent Orchestrator come into a store: from a legacy home, or from a database of its rewrite, told apart
 * by what is there.
 */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import process from 'node:process';
import { legacyFiles, transcriptReader } from '../../adapters/ao/legacy/index.ts';
import { checkArguments, checkedOptions, checkOptionNames } from '../../base/index.ts';
import { poorLayout, withoutCredentials } from '../../log/index.ts';
import {
  aoHistorySource,
  chooseRuns,
  isReadableRewrite,
  legacySessions,
  type MigrationReport,
  type MigrationSource,
  moveRuns,
  resolvePlaces,
  type Places,
  rewriteSessions,
  rewriteVersion,
  transcriptFinder,
} from '../../migrate/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { ImportFileError, unreadableFile } from './import-file.ts';
import { type MigrateStoreOptions, openDestination } from './migrate-store.ts';

/** How sessions of an Agent Orchestrator are imported. */
export interface ImportAoOptions extends Pick<
  MigrateStoreOptions,
  'dryRun' | 'skipCorrupted' | 'onProgress' | 'signal'
> {
  /** Variables that move configuration and transcripts; heard when `from` is the home of this user. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  env: true,
  dryRun: true,
  skipCorrupted: true,
  onProgress: true,
  signal: true,
} satisfies Record<keyof ImportAoOptions, true>);

/**
 * Takes all sessions of a legacy home (the folder that holds `.agent-orchestrator`), or of a database of the rewrite, into the store
 * of a URL, which is made when it is not there. Nothing of the source is changed; the call again brings what is new, and keeps what the
 * source has cleared away. Not `ok` when a file stays behind, unless `skipCorrupted` is given. Rejects with
 * `ImportFileError` for a place that holds neither, with `LegacyRegistryError`, and with the errors of opening.
 */
export async function importAo(
  from: string,
  to: string,
  options: ImportAoOptions = {},
): Promise<MigrationReport> {
  checkOptionNames('importAo', checkedOptions('importAo', options), optionNames);
  const { env = process.env, dryRun = false, ...rest } = options;
  checkArguments('importAo', { 'options.dryRun': [dryRun, 'boolean'] });
  parseStoreUrl(to);
  const source = await openHistory(placeOf(from), env);
  try {
    const chosen = chooseRuns(await source.runs(), {});
    const { store, settle } = await openDestination(to, dryRun);
    try {
      const report = await moveRuns(source, chosen, store, {
        ...rest,
        dryRun,
        sha256,
        pause: nodePlatform.pause,
        location: withoutCredentials(to),
      });
      await settle();
      // A file that stays behind is history that is not there.
      return { ...report, ok: report.ok && (rest.skipCorrupted === true || report.notes.length === 0) };
    } finally {
      await store.close();
    }
  } finally {
    await source.close();
  }
}

/** A path, or the URL of a file. */
function placeOf(from: string): string {
  if (!from.startsWith('sqlite:')) return resolve(from);
  const url = parseStoreUrl(from);
  return url.scheme === 'sqlite' ? resolve(url.path) : resolve(from);
}

type Environment = NonNullable<ImportAoOptions['env']>;

async function openHistory(path: string, env: Environment): Promise<MigrationSource> {
  const kind = kindOf(path);
  if (kind === 'nothing') throw nothingThere(path, 'it is not there');
  if (kind === 'file') return openRewrite(path, env);
  const home = basename(path) === '.agent-orchestrator' ? dirname(path) : path;
  const own = env['HOME'] ?? homedir();
  const places = resolvePlaces({ env: home === own ? env : {}, home, workingDirectory: process.cwd() });
  if (!legacyFiles.isFolder(places.base)) throw nothingThere(path, "it has no folder '.agent-orchestrator'");
  const found = await legacySessions(legacyFiles, places, findTranscripts(places));
  return aoHistorySource({
    ...found,
    location: home,
    format: 'Agent Orchestrator, legacy home',
    sha256,
  });
}

function kindOf(path: string): 'nothing' | 'file' | 'other' {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? 'nothing' : stats.isFile() ? 'file' : 'other';
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}

function findTranscripts({ claudeProjects, codexHome, opencodeData }: Places) {
  const open = async (path: string) => {
    const { openForeignSqlite } = await import('../../adapters/stores/sqlite/index.ts');
    return openForeignSqlite(path);
  };
  const where = { claudeProjects, codexHome, opencodeData };
  return transcriptFinder({ files: legacyFiles, reader: transcriptReader, open, ...where });
}

async function openRewrite(path: string, env: Environment): Promise<MigrationSource> {
  const { openForeignSqlite } = await import('../../adapters/stores/sqlite/index.ts');
  const { database, close } = await openForeignSqlite(path);
  try {
    const version = await rewriteVersion(database);
    if (version === null) throw nothingThere(path, 'it is no database of the rewrite');
    if (!isReadableRewrite(version)) {
      const refused = { location: path, product: 'Agent Orchestrator, schema', driver: 'sqlite' };
      throw poorLayout({ ...refused, version: String(version), missing: ['what schema 12 has'] });
    }
    const home = env['HOME'] ?? homedir();
    const places = resolvePlaces({ env, home, workingDirectory: process.cwd() });
    const found = await rewriteSessions(database, findTranscripts(places));
    const format = `Agent Orchestrator, rewrite with schema ${version}`;
    return aoHistorySource({ ...found, location: path, format, sha256, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function nothingThere(path: string, problem: string): Error {
  return new ImportFileError({
    summary: `no history of the Agent Orchestrator at '${path}': ${problem}`,
    whatFailed: `Sessions of the Agent Orchestrator were looked for at '${path}': ${problem}.`,
    why: 'A mistyped place must not look like a history without sessions.',
    howToFix:
      'Name the folder that holds `.agent-orchestrator`: `runlog import ao --from "$HOME" --to sqlite:///history.db`; or the database of the rewrite: `--from "$HOME/.ao/data/ao.db"`.',
    context: { path, reason: 'missing' },
  });
}
