/** Decides how a store is backed up: into one SQLite file that is looked at before it takes its place. */
import { chmod, stat } from 'node:fs/promises';
import { type CancelSignal, checkedOptions, checkOptionNames } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import type { DoctorReport } from '../../upkeep/index.ts';
import { openCopyTarget } from '../migrate/copy-target.ts';
import { ownSource } from '../migrate/own-source.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { openStore, storeUrlOf } from '../open-store.ts';
import { outputFailed, placeOutputFile } from '../output-file.ts';
import { parseStoreUrl, sqliteUrlOfPath } from '../store-url/store-url.ts';
import { sayingMeant } from '../store-url/two-slashes.ts';
import { copyWhatStays } from './copy-what-stays.ts';
import { doctor, type DoctorOptions } from './doctor.ts';

type BackupOptions = Pick<DoctorOptions, 'onProgress' | 'signal'>;

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ onProgress: true, signal: true } satisfies Record<
  keyof BackupOptions,
  true
>);

/** Where a backup is, of which kind, and what checking it found. */
export interface BackupReport {
  readonly file: string;
  /** The store URL of the file, for commands and for `openStore`. */
  readonly url: string;
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
  checkOptionNames('backupStore', checkedOptions('backupStore', options), optionNames);
  const parsed = parseStoreUrl(url);
  return placeOutputFile(file, url, async (draft) => {
    const draftUrl = storeUrlOf(draft);
    if (parsed.scheme === 'sqlite') {
      const { copySqliteFile } = await import('../../adapters/stores/sqlite/index.ts');
      await closeAsWellAs(parsed.path, draft);
      await sayingMeant(url, () => copySqliteFile(parsed.path, draft, file));
      return {
        file,
        url: sqliteUrlOfPath(file),
        kind: 'file',
        health: { ...(await doctor(draftUrl, options)), location: file },
      };
    }
    await copyRuns(url, draftUrl, options.signal);
    // A snapshot may be newer than the run as it was listed; it is dropped.
    const health = await doctor(draftUrl, { ...options, repair: true });
    return { file, url: sqliteUrlOfPath(file), kind: 'runs', health: { ...health, location: file } };
  });
}

/** Before anything is in it: who may not read the store may not read what is copied from it. */
async function closeAsWellAs(path: string, draft: string): Promise<void> {
  // Whoever copies it says why it cannot be looked at.
  const there = await stat(path).catch(() => null);
  if (there === null) return;
  try {
    const { mode } = await stat(draft);
    // Its owner has to write it.
    await chmod(draft, (mode & there.mode & 0o777) | 0o600);
  } catch (cause) {
    throw outputFailed(draft, cause);
  }
}

async function copyRuns(from: string, to: string, signal: CancelSignal | undefined): Promise<void> {
  const store = await openStore(from, { mode: 'read' });
  try {
    const source = ownSource(store, withoutCredentials(from));
    // Forced to the disk as a whole, when it is put in its place.
    const { store: copy } = await openCopyTarget(to);
    try {
      const { pause } = nodePlatform;
      const asked = { sha256, pause, location: to, ...(signal === undefined ? {} : { signal }) };
      await copyWhatStays(source, copy, asked);
    } finally {
      await copy.close();
    }
  } finally {
    await store.close();
  }
}
