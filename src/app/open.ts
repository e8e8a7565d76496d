/** Decides how a program opens a run: from a URL, a path or a store, with this machine behind it. */
import {
  checkArguments,
  checkedOptions,
  checkNewId,
  checkOptionNames,
  InvalidRuntimeConfiguration,
  wrongArgument,
} from '../base/index.ts';
import { directInvoker, type Tool } from '../effects/index.ts';
import type { LogStore } from '../log/index.ts';
import { exportedTools, loadPack, packOf } from '../packs/index.ts';
import {
  checkRunOptions,
  createRun,
  loadRun,
  type OpenRuntimeOptions,
  type Runtime,
} from '../runtime/index.ts';
import { newestRunId } from './choose-run.ts';
import { withLogging } from './observe/configure-logging.ts';
import { nodePlatform, sleep } from './node-platform.ts';
import { type LoadOptions, type OpenOptions, openOptionNames } from './open-options.ts';
import { refuseWhileReading } from './program/reading-program.ts';
import { openStore, storeUrlOf, type StoreMode } from './open-store.ts';

/**
 * Opens a new run in memory, or where the first argument or the options say. What is wrong with the options or a pack is told
 * before a store is opened.
 */
export async function open(target?: string | URL | LogStore, options: OpenOptions = {}): Promise<Runtime> {
  check('open', options);
  if (options.runId !== undefined) checkNewId('the id of a run', options.runId);
  await rehearse(options);
  const { store, ownsStore } = await storeOf(target, options, 'create');
  return withPacks(store, ownsStore, withLogging(options), (complete) => createRun(store, complete));
}

/** Opens a run that is there, where its log left off. Rejects with `RunNotFoundError`; nothing is created. */
export async function load(target: string | URL | LogStore, options: LoadOptions = {}): Promise<Runtime> {
  check('load', options);
  const { store, ownsStore } = await storeOf(target, options, 'write');
  return withPacks(store, ownsStore, withLogging(options), async (complete) =>
    loadRun(store, options.runId ?? (await newestRunId(store)), complete),
  );
}

/** What is wrong in itself is told before a store is opened, or made. */
function check(call: string, options: OpenOptions): void {
  const { packs = [], tools = [] } = checkedOptions(call, options);
  checkOptionNames(call, options, openOptionNames);
  checkArguments(call, { 'options.packs': [packs, 'list'], 'options.tools': [tools, 'list'] });
  checkRunOptions(completed(options, false));
}

/** Loads the packs into a run in memory first, because a run that one of them refuses to come into would stay behind. */
async function rehearse(options: OpenOptions): Promise<void> {
  if ((options.packs ?? []).length === 0) return;
  const store = await openStore('memory:');
  const { metrics: _metrics, logger: _logger, tracing: _tracing, ...unobserved } = options;
  const rehearsal = await withPacks(store, true, unobserved, (complete) => createRun(store, complete));
  await rehearsal.close();
}

/** Tools that packs offer to everybody are there when the behaviors of the program, which may list them, come in. */
export function toolsOf({ tools = [], packs = [] }: OpenOptions): readonly Tool[] {
  const all = [...tools];
  for (const request of packs) {
    for (const tool of exportedTools(packOf(request).pack))
      if (!all.some(({ name }) => name === tool.name)) all.push(tool);
  }
  return all;
}

async function withPacks(
  store: LogStore,
  ownsStore: boolean,
  options: OpenOptions,
  openRun: (complete: OpenRuntimeOptions) => Promise<Runtime>,
): Promise<Runtime> {
  let runtime: Runtime | null = null;
  try {
    runtime = await openRun(completed(options, ownsStore));
    for (const request of options.packs ?? []) await loadPack(runtime, request, nodePlatform.sha256);
    return runtime;
  } catch (error) {
    // What failed first is what is wrong, also when the store can no longer be written.
    await runtime?.close().catch(() => undefined);
    if (ownsStore) await store.close().catch(() => undefined);
    throw error;
  }
}

function completed(options: OpenOptions, ownsStore: boolean): OpenRuntimeOptions {
  const { nowMs, newCanceller: canceller } = nodePlatform;
  const { packs: _packs, persistTo: _place, store: _store, ...ofRuntime } = options;
  return {
    ...ofRuntime,
    tools: toolsOf(options),
    platform: nodePlatform,
    invoker: options.invoker ?? directInvoker({ nowMs, sleep, canceller }),
    ownsStore,
  };
}

async function storeOf(
  target: string | URL | LogStore | undefined,
  options: OpenOptions,
  mode: StoreMode,
): Promise<{ readonly store: LogStore; readonly ownsStore: boolean }> {
  refuseWhileReading();
  const given = [target, options.persistTo, options.store].filter((named) => named !== undefined);
  if (given.length > 1) throw twoPlaces();
  const [place = 'memory:'] = given;
  if (typeof place === 'string' || place instanceof URL)
    return { store: await openStore(storeUrlOf(place), { mode }), ownsStore: true };
  if (!isStore(place)) throw wrongArgument('open', 'a URL, a path or an open store', place);
  return { store: place, ownsStore: false };
}

/** A caller without types can hand in anything. */
function isStore(place: unknown): boolean {
  return typeof place === 'object' && place !== null && typeof Reflect.get(place, 'commit') === 'function';
}

function twoPlaces(): Error {
  return new InvalidRuntimeConfiguration({
    summary: 'a run is to be kept in two places at once',
    whatFailed: 'More than one of a URL, `persistTo` and `store` was given.',
    why: 'A run has one log; two copies would drift apart with the first failed write.',
    howToFix: 'Give exactly one of them. To have a run elsewhere too, copy it when it is done.',
  });
}
