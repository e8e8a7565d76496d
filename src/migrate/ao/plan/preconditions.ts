/** Decides whether this is a moment to migrate: both tools are stopped, and the rewrite's folder is where it can be. */
import { posix } from 'node:path';
import type { Refusal } from '../errors.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { isValues, parsedJson, valueAt } from '../legacy/values.ts';
import type { Places } from '../places.ts';
import type { TargetLook } from '../target/target-port.ts';

export interface Surroundings {
  readonly files: LegacyFiles;
  readonly places: Places;
  /** True when a process of this number lives. */
  readonly isAlive: (pid: number) => boolean;
  readonly hasDriver: boolean;
}

/** The first reason not to begin; `null` when there is none. */
export function checkSurroundings({ files, places, isAlive, hasDriver }: Surroundings): Refusal | null {
  if (!hasDriver)
    return {
      code: 'BETTER_SQLITE3_UNAVAILABLE',
      whatFailed: 'This Node has no driver for SQLite (node:sqlite).',
      howToFix: 'Install Node 24 from https://nodejs.org/en/download and run the command again.',
    };
  const dataDir = checkDataDir(files, places);
  if (dataDir !== null) return dataDir;
  const closed = closedRunFile(files, places);
  if (closed !== null) return closed;
  const daemon = livingPid(files, places.runFile, isAlive);
  if (daemon !== null)
    return {
      code: 'DAEMON_RUNNING',
      whatFailed: `The daemon of the rewrite runs as process ${daemon} (${places.runFile}).`,
      howToFix: `Stop it and run the command again. If process ${daemon} is another program, remove ${places.runFile}.`,
    };
  const legacy = livingPid(files, places.legacyRunFile, isAlive);
  if (legacy !== null)
    return {
      code: 'LEGACY_RUNNING',
      whatFailed: `The legacy tool runs as process ${legacy} (${places.legacyRunFile}).`,
      howToFix: `Run \`ao stop\` and then the command again. If process ${legacy} is another program, remove ${places.legacyRunFile}.`,
    };
  return null;
}

function checkDataDir(files: LegacyFiles, { dataDir, base, home }: Places): Refusal | null {
  const refused = (problem: string): Refusal => ({
    code: 'DATA_DIR_INVALID',
    whatFailed: `The data folder '${dataDir}' ${problem}.`,
    howToFix: `Set AO_DATA_DIR to the folder that the rewrite uses, or unset it for ${posix.join(home, '.ao', 'data')}.`,
  });
  if (!posix.isAbsolute(dataDir)) return refused('is relative: the daemon would look for it elsewhere');
  const [inside, outside] = [files.resolvedPath(dataDir), files.resolvedPath(base)];
  if (inside === outside || inside.startsWith(`${outside}/`))
    return refused('is inside the legacy home, as it is for whoever is started by the legacy tool');
  const there = existingAncestor(files, dataDir);
  return files.isFolder(there) ? null : refused(`cannot be made: ${there} is no folder`);
}

function existingAncestor(files: LegacyFiles, path: string): string {
  let at = path;
  while (at !== '/' && files.realPath(at) === null) at = posix.dirname(at);
  return at;
}

/** What is there and cannot be read may name a process that lives. */
function closedRunFile(files: LegacyFiles, { runFile, legacyRunFile }: Places): Refusal | null {
  for (const [path, code] of [
    [runFile, 'DAEMON_RUNNING'],
    [legacyRunFile, 'LEGACY_RUNNING'],
  ] as const) {
    const file = files.read(path);
    if (file.state !== 'unreadable') continue;
    return {
      code,
      whatFailed: `Whether it runs cannot be told: ${path} cannot be read (${file.reason}).`,
      howToFix: `Make sure that nothing runs, remove ${path}, and run the command again.`,
    };
  }
  return null;
}

function livingPid(files: LegacyFiles, path: string, isAlive: (pid: number) => boolean): number | null {
  const file = files.read(path);
  const value = file.state === 'text' ? parsedJson(file.text) : undefined;
  const pid = isValues(value) ? valueAt(value, 'pid') : null;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
  return isAlive(pid) ? pid : null;
}

/** What a database that cannot be used is refused with. */
export function refusalOf(
  look: Exclude<TargetLook, { readonly state: 'there' | 'absent' }>,
  database: string,
): Refusal {
  if (look.state === 'locked')
    return {
      code: 'DB_LOCKED',
      whatFailed: `Another process is writing to ${database}.`,
      howToFix: `Stop the daemon of the rewrite and run the command again; \`fuser ${database}\` names who has it open.`,
    };
  if (look.state === 'not-a-database')
    return {
      code: 'NOT_A_DATABASE',
      whatFailed: `${database} is not a database that can be used: ${look.reason}.`,
      howToFix: `Move it away (\`mv ${database} ${database}.aside\`) and run the command again.`,
    };
  return {
    code: 'DATA_DIR_INVALID',
    whatFailed: `${database} is out of reach: ${look.reason}.`,
    howToFix: `Check who may write (\`ls -la ${posix.dirname(database)}\`), and whether there is room (\`df -h\`).`,
  };
}
