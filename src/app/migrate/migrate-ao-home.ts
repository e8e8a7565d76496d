/** Decides how a legacy home of the Agent Orchestrator is migrated on this machine: its folders, its processes, its SQLite. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import { homedir } from 'node:os';
import process from 'node:process';
import { isAlive, legacyFiles } from '../../adapters/ao/legacy/index.ts';
import {
  aoMigrations,
  type AoMigration,
  type AoTarget,
  migrateAo,
  resolvePlaces,
  type Transcripts,
} from '../../migrate/index.ts';
import { sha256 } from '../node-platform.ts';

/** What `ao-migrate` is asked, with the environment that it reads. */
export interface AoMigrationRequest {
  /** HOME, and the variables that move configuration, data and transcripts. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Read this file in place of the registry. */
  readonly config?: string;
  /** Say what would be done, and write nothing. */
  readonly dryRun?: boolean;
  /** Write the rows that the first tool of this name wrote. */
  readonly strictParity?: boolean;
  /** Orchestrators arrive stopped, so that the rewrite can restore them. */
  readonly asRestorable?: boolean;
  /** Keep the rows that went in when others fail. */
  readonly keepGoing?: boolean;
}

/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({
  env: true,
  config: true,
  dryRun: true,
  strictParity: true,
  asRestorable: true,
  keepGoing: true,
} satisfies Record<keyof AoMigrationRequest, true>);

/** Rejects with `LegacyRegistryError` when the list of projects cannot be read. Refusals are part of the result. */
export async function migrateAoHome(request: AoMigrationRequest): Promise<AoMigration> {
  checkArguments('migrateAoHome', { request: [request, 'with env'] });
  checkOptionNames('migrateAoHome', request, requestNames);
  const {
    env,
    config,
    dryRun = false,
    strictParity = false,
    asRestorable = false,
    keepGoing = false,
  } = request;
  checkArguments('migrateAoHome', { 'request.dryRun': [dryRun, 'boolean'] });
  const places = resolvePlaces({
    env,
    home: env['HOME'] ?? homedir(),
    workingDirectory: process.cwd(),
    ...(config === undefined ? {} : { config }),
  });
  const hands = await writingHands(places.database);
  return migrateAo({
    places,
    files: legacyFiles,
    target: hands?.target ?? null,
    transcripts: hands?.transcripts ?? noTranscripts,
    migrations: aoMigrations(sha256),
    isAlive,
    nowMs: Date.now(),
    options: { dryRun, strictParity, asRestorable, keepGoing },
  });
}

/** `null` on a Node that has no SQLite. */
async function writingHands(
  database: string,
): Promise<{ readonly target: AoTarget; readonly transcripts: Transcripts } | null> {
  try {
    await import('node:sqlite');
  } catch {
    // The migration refuses itself with the reason.
    return null;
  }
  const { aoTarget, transcriptFiles } = await import('../../adapters/ao/rewrite/index.ts');
  return { target: aoTarget({ database, isAlive }), transcripts: transcriptFiles(isAlive) };
}

/** Where no database can be opened, no transcript is moved. */
const noTranscripts: Transcripts = {
  look: () => ({ state: 'missing' }),
  copy: () => ({ state: 'missing' }),
};
