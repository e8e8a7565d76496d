/** Decides how a store is backed up: into one SQLite file that is looked at before it takes its place. */
import { chmod, stat } from 'node:fs/promises';
import { damagedStore, withoutCredentials } from '../../log/index.ts';
import { chooseRuns, logSource, moveRuns } from '../../migrate/index.ts';
import type { DoctorReport } from '../../upkeep/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { openStore, storeUrlOf } from '../open-store.ts';
import { placeOutputFile } from '../output-file.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { doctor, type DoctorOptions } from './doctor.ts';

/** Where a backup is, of which kind, and what checking it found. */
export interface BackupReport {
  readonly file: string;
  /**
   * `file`: everything in the store as it was at one moment, under its own store id. `runs`: every run as it was when the runs
   * were listed, in a new store.
   */
  readonly kind: 'file' | 'runs';
  /** What a look at the backup found. */
  readonly health: DoctorReport;
}

/**
 * Backs a store up while others write to it. The file is written beside its place and moved there when it is whole and was looked
 * at; a file that is there is never replaced. A store whose history is damaged is backed up as it is, and the report says so.
 * Rejects with the errors of opening, with `OutputFileError`, and with the error of the first run that cannot be copied.
 */
export async function backupStore(
  url: string,
  file: string,
  options: Pick<DoctorOptions, 'onProgress' | 'signal'> = {},
): Promise<BackupReport> {
  const parsed = parseStoreUrl(url);
  return placeOutputFile(file, url, async (draft) => {
    const draftUrl = storeUrlOf(draft);
    if (parsed.scheme === 'sqlite') {
      const { copySqliteFile } = await import('../../adapters/stores/sqlite/index.ts');
      await closeAsWellAs(parsed.path, draft);
      await copySqliteFile(parsed.path, draft);
      return { file, kind: 'file', health: { ...(await doctor(draftUrl, options)), location: file } };
    }
    await copyRuns(url, draftUrl);
    // A snapshot may be newer than the run as it was listed; it is dropped.
    const health = await doctor(draftUrl, { ...options, repair: true });
    return { file, kind: 'runs', health: { ...health, location: file } };
  });
}

/** Before anything is in it: who may not read the store may not read what is copied from it. */
async function closeAsWellAs(path: string, draft: string): Promise<void> {
  // Whoever copies it says why it cannot be looked at.
  const there = await stat(path).catch(() => null);
  if (there === null) return;
  const { mode } = await stat(draft);
  // Its owner has to write it.
  await chmod(draft, (mode & there.mode & 0o777) | 0o600);
}

async function copyRuns(from: string, to: string): Promise<void> {
  const store = await openStore(from, { mode: 'read' });
  try {
    const source = logSource({ store, location: withoutCredentials(from) });
    const chosen = chooseRuns(await source.runs(), {});
    const copy = await openStore(to, { mode: 'create' });
    try {
      const { pause } = nodePlatform;
      const report = await moveRuns(source, chosen, copy, { sha256, pause, location: to });
      const failed = report.runs.find(({ problem }) => problem !== null);
      if (failed !== undefined) throw runNotCopied(from, failed.runId, failed.problem ?? '');
    } finally {
      await copy.close();
    }
  } finally {
    await store.close();
  }
}

function runNotCopied(url: string, runId: string, problem: string): Error {
  return damagedStore({
    location: withoutCredentials(url),
    whatFailed: `Run '${runId}' cannot be copied, so no backup was made. ${problem}`,
    howToFix: 'Look at the store first: `runlog doctor URL`.',
  });
}
