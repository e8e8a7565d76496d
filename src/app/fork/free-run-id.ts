/** Decides that an id which somebody chose for a new run is free, before anything of the run is made. */
import { type LogStore, runExists } from '../../log/index.ts';

/** A drawn id is free. Rejects with `RunExistsError`. */
export async function checkFreeRunId(
  store: Pick<LogStore, 'info'>,
  chosen: string | undefined,
): Promise<void> {
  if (chosen !== undefined && (await store.info(chosen)) !== undefined) throw runExists({ logId: chosen });
}
