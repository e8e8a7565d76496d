/**
 * Decides where the quickstart keeps its run, and that its documents and schemas are loaded when it is used: they are not the
 * business of every program.
 */
import { dirname } from 'node:path';
import { checkArguments, checkOptionNames, type CancelSignal } from '../base/index.ts';
import { makeFolder } from '../host/index.ts';
import { withoutCredentials } from '../log/index.ts';
import { openStore, storeUrlOf } from './open-store.ts';
import { outputFailed } from './output-file.ts';
import type { QuickstartProgress, QuickstartReport } from './run-quickstart.ts';
import { parseStoreUrl } from './store-url/store-url.ts';
import { wholePath } from './whole-path.ts';

/** In the folder where the command is called; made when it is not there. */
const defaultPath = '.runlog/quickstart.db';

/** How the quickstart is run. */
export interface QuickstartRequest {
  /** A store URL; a file under `.runlog/` when it is left out. */
  readonly url?: string;
  /** Memos and risks wait for approval. */
  readonly review: boolean;
  /** Answers take as long as they took when they were recorded: about 40 seconds in all. */
  readonly isSlow: boolean;
  readonly signal: CancelSignal;
  readonly onProgress: (progress: QuickstartProgress) => void;
}

/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({
  url: true,
  review: true,
  isSlow: true,
  signal: true,
  onProgress: true,
} satisfies Record<keyof QuickstartRequest, true>);

/**
 * Runs the bundled Diligence pack over three companies, or takes up where an earlier call stopped, then forks the run. `url`
 * of the result is the store as a URL that works from any folder, without its password.
 */
export async function quickstart(
  request: QuickstartRequest,
): Promise<{ readonly url: string; readonly report: QuickstartReport }> {
  checkArguments('quickstart', { request: [request, 'with signal'] });
  checkOptionNames('quickstart', request, requestNames);
  const url = absoluteUrl(request.url ?? defaultUrl());
  const { runQuickstart } = await import('./run-quickstart.ts');
  const store = await openStore(url);
  try {
    return { url: withoutCredentials(url), report: await runQuickstart({ ...request, store }) };
  } finally {
    await store.close();
  }
}

function defaultUrl(): string {
  const path = wholePath(defaultPath);
  const folder = dirname(path);
  try {
    makeFolder(folder);
  } catch (cause) {
    const elsewhere =
      'Name a place that can be written: `runlog quickstart --store sqlite:////tmp/quickstart.db`.';
    throw outputFailed(folder, cause, elsewhere);
  }
  return storeUrlOf(path);
}

function absoluteUrl(url: string): string {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme !== 'sqlite') return url;
  return `${storeUrlOf(wholePath(parsed.path))}${parsed.durability === 'process' ? '?durability=normal' : ''}`;
}
