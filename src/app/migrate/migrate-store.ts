/** Decides how a migration between two URLs is put together: the source read-only, the destination made only when it is written. */
import { checkArguments, checkedOptions, checkOptionNames } from '../../base/index.ts';
import { openMemoryStore, StoreNotFoundError, withoutCredentials } from '../../log/index.ts';
import { chooseRuns, type MigrateOptions, type MigrationReport, moveRuns } from '../../migrate/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { openArtifacts } from '../artifacts/open-artifacts.ts';
import { type CopyTarget, openCopyTarget } from './copy-target.ts';
import { openAt } from './failed-store.ts';
import { openSource } from './open-source.ts';
import { openStore } from '../open-store.ts';
import { areTwoPlaces } from './two-places.ts';

/** How runs are moved between stores that URLs name. */
export interface MigrateStoreOptions extends Omit<
  MigrateOptions,
  'sha256' | 'location' | 'pause' | 'isElsewhere' | 'artifacts'
> {
  /** Folders or `s3:` URLs: where the artifacts of sessions are, and where they go with them. */
  readonly artifacts?: { readonly from: string; readonly to: string };
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  runIds: true,
  detach: true,
  dryRun: true,
  artifacts: true,
  skipCorrupted: true,
  onProgress: true,
  signal: true,
} satisfies Record<keyof MigrateStoreOptions, true>);
const placeNames: readonly string[] = Object.keys({ from: true, to: true } satisfies Record<
  keyof NonNullable<MigrateStoreOptions['artifacts']>,
  true
>);

/**
 * Moves the runs of one store to another. Nothing is written to the source. The report tells what became of each run; the call
 * again goes on where this one ended. Rejects with the errors of opening either side, and with `RunNotFoundError`.
 */
export async function migrateStore(
  from: string,
  to: string,
  options: MigrateStoreOptions = {},
): Promise<MigrationReport> {
  checkGiven(options);
  const { artifacts, ...rest } = options;
  if (artifacts === undefined) return moveStore(from, to, rest);
  const there = await openArtifacts(artifacts.from, 'read');
  const here = await openArtifacts(artifacts.to);
  try {
    return await moveStore(from, to, { ...rest, artifacts: { from: there.store, to: here.store } });
  } finally {
    await there.close();
    await here.close();
  }
}

/** Before anything is opened or moved. */
function checkGiven(given: MigrateStoreOptions): void {
  checkOptionNames('migrateStore', checkedOptions('migrateStore', given), optionNames);
  const { artifacts, runIds = [], dryRun = false, detach = false } = given;
  checkArguments('migrateStore', {
    'options.runIds': [runIds, 'list'],
    'options.dryRun': [dryRun, 'boolean'],
    'options.detach': [detach, 'boolean'],
  });
  if (artifacts === undefined) return;
  checkOptionNames('migrateStore', checkedOptions('migrateStore', artifacts), placeNames);
}

async function moveStore(
  from: string,
  to: string,
  options: Omit<MigrateOptions, 'sha256' | 'location'>,
): Promise<MigrationReport> {
  const source = await openSource(from, options.signal);
  try {
    // A run that is not there is found out before a destination is made.
    const chosen = chooseRuns(await source.runs(), options);
    const { store, settle } = await openDestination(to, options.dryRun === true);
    try {
      const report = await moveRuns(source, chosen, store, {
        ...options,
        sha256,
        pause: nodePlatform.pause,
        location: withoutCredentials(to),
        isElsewhere: areTwoPlaces(from, to),
      });
      await settle();
      return report;
    } finally {
      await store.close();
    }
  } finally {
    await source.close();
  }
}

/** A dry run makes no store: one that is not there yet is as good as an empty one. */
export async function openDestination(url: string, isDryRun: boolean): Promise<CopyTarget> {
  if (!isDryRun) return openCopyTarget(url);
  const settle = async (): Promise<void> => undefined;
  try {
    return { store: await openAt(url, () => openStore(url, { mode: 'read' })), settle };
  } catch (error) {
    if (!(error instanceof StoreNotFoundError)) throw error;
    return { store: openMemoryStore({ sha256, nowMs: nodePlatform.nowMs }), settle };
  }
}
