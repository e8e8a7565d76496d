/** Decides how all logs of a store are listed while others may remove some: a page goes on behind the last one that is still there. */
import { type LogInfo, type LogKind, type LogStore, RunNotFoundError } from '../log/index.ts';

/** Of a kind, or of both, in the order in which they were made. */
export async function* listLogs(store: LogStore, kind?: LogKind): AsyncGenerator<readonly LogInfo[]> {
  const filter = kind === undefined ? {} : { kind };
  const seen: string[] = [];
  for (;;) {
    const page = await pageBehind(store, filter, seen.at(-1));
    if (page === null) {
      seen.pop();
      continue;
    }
    if (page.length === 0) return;
    yield page;
    for (const { id } of page) seen.push(id);
  }
}

/** `null` when the log is gone that the page begins behind. */
async function pageBehind(
  store: LogStore,
  filter: { readonly kind?: LogKind },
  after: string | undefined,
): Promise<readonly LogInfo[] | null> {
  try {
    return await store.logs(after === undefined ? filter : { ...filter, after });
  } catch (error) {
    if (after === undefined || !(error instanceof RunNotFoundError)) throw error;
    return null;
  }
}
