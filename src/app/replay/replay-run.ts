/** Decides what the replays of the command line are: rebuilding a run from its log, or verifying it. Both read only. */
import { checkArguments, checkOptionNames, type JsonObject } from '../../base/index.ts';
import { readerOf } from '../../graph/index.ts';
import { effectiveSettings } from '../../packs/index.ts';
import { loadState, type VerifyReport } from '../../runtime/index.ts';
import { chooseRun } from '../choose-run.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { programOf } from '../program/program.ts';
import { verifyRun } from './verify-run.ts';
import { withStore } from '../with-store.ts';

/** A run that was projected: counts, settings, head. */
export interface ProjectedRun {
  readonly runId: string;
  readonly events: number;
  readonly objects: number;
  readonly relations: number;
  /** Settings of each pack as the next load would have them: those of the log, with its overrides. */
  readonly effectiveSettings: Readonly<Record<string, JsonObject>>;
  readonly headHash: string;
}

/** The name of every part of a request: one that is missing here does not compile. */
const projectNames: readonly string[] = Object.keys({ runId: true } satisfies Record<
  keyof Parameters<typeof projectRun>[1],
  true
>);
/** The name of every part of a request: one that is missing here does not compile. */
const verifyNames: readonly string[] = Object.keys({ runId: true, file: true } satisfies Record<
  keyof Parameters<typeof verifyStoredRun>[1],
  true
>);

/**
 * Rebuilds a run from its log, and checks its hash chain on the way. Rejects with `RunNotFoundError`, `DamagedHistoryError`
 * and `CorruptedEventPayloadError`.
 */
export async function projectRun(url: string, request: { readonly runId: string }): Promise<ProjectedRun> {
  checkArguments('projectRun', { url: [url, 'text'], request: [request, 'with runId'] });
  checkOptionNames('projectRun', request, projectNames);
  const { runId } = request;
  return withStore(url, 'read', async (store) => {
    await chooseRun(store, runId);
    const { state, tables } = await loadState(store, runId, { verifyWith: sha256, wantsGraph: nodePlatform });
    const graph = readerOf(tables);
    const settings = state.packs.flatMap((logged) =>
      typeof logged['name'] === 'string'
        ? [[logged['name'], effectiveSettings(logged, state.settingOverrides)] as const]
        : [],
    );
    const [last] = state.recent.last(1);
    const end = last === undefined ? undefined : await store.get(runId, last.id);
    return {
      runId,
      events: state.seq,
      objects: graph.objects().length,
      relations: graph.relations().length,
      effectiveSettings: Object.fromEntries(settings),
      // Somebody may have written on meanwhile; what is told is told of the same place.
      headHash: end?.hash ?? (await store.head(runId)).hash,
    };
  });
}

/** Verifies a run with the program of a file and the shipped packs that its log names. */
export async function verifyStoredRun(
  url: string,
  request: { readonly runId: string; readonly file?: string },
): Promise<VerifyReport> {
  checkArguments('verifyStoredRun', { url: [url, 'text'], request: [request, 'with runId'] });
  checkOptionNames('verifyStoredRun', request, verifyNames);
  const { runId, file } = request;
  return withStore(url, 'read', async (store) => {
    await chooseRun(store, runId);
    const program = await programOf(store, runId, file === undefined ? {} : { file });
    return verifyRun(store, { ...program, runId });
  });
}
