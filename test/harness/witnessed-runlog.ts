/**
 * Decides what a test gets that imports `runlog`: the package, with every run that it opens or forks verified against its log.
 * `openUnrepeatable` opens one that is not.
 */
import {
  forkRun as forkOf,
  load as loadOf,
  type LoadOptions,
  open as openOf,
  type OpenOptions,
  openStore,
  type Runtime,
  verifyRun,
} from '../../src/app/index.ts';
import type { ForkRequest } from '../../src/runtime/index.ts';
import {
  alsoDriven,
  isWitnessed,
  type Place,
  verifiedWith,
  verifyWitnessed,
  witnessed,
} from './verified-runs.ts';

verifiedWith(verifyRun);

export * from '../../src/app/index.ts';

export async function open(target?: Place, options: OpenOptions = {}): Promise<Runtime> {
  if (target !== undefined && (options.store !== undefined || options.persistTo !== undefined))
    return openOf(target, options);
  const { store, persistTo, ...driven } = options;
  const asked = target ?? store ?? persistTo ?? 'memory:';
  // A store in memory is gone with its handle, and has to be there when the run is verified.
  const place = asked === 'memory:' ? await openStore('memory:') : asked;
  const run = await openOf(place, driven);
  witnessed(place, run.runId, driven);
  return watched(run, place, driven);
}

export async function load(target: Place, options: LoadOptions = {}): Promise<Runtime> {
  const run = await loadOf(target, options);
  alsoDriven(target, run.runId, options);
  return watched(run, target, options);
}

export const forkRun: typeof forkOf = async (target, request) => {
  const fork = await forkOf(target, request);
  if (isWitnessed(target, fork.parentRunId)) witnessed(target, fork.runId, {}, fork.parentRunId);
  return fork;
};

function isFile(place: Place): boolean {
  return typeof place === 'string' || place instanceof URL;
}

/** The run, which is verified when it is closed; so are its forks. */
function watched(run: Runtime, place: Place, options: LoadOptions): Runtime {
  const [close, fork] = [run.close.bind(run), run.fork.bind(run)];
  run.close = async () => {
    // A file that is read after its last writer has gone keeps what readers need beside it; tests look at what is there.
    if (isFile(place)) await verifyWitnessed(place, run.runId);
    await close();
    await verifyWitnessed(place, run.runId);
  };
  run.fork = async (request: ForkRequest) => {
    const made = await fork(request);
    const { atEvent: _atEvent, settings: _settings, record: _record, ...changed } = request;
    const driven = { ...options, ...changed };
    if (isWitnessed(place, run.runId)) witnessed(place, made.runId, driven, run.runId);
    return watched(made, place, driven);
  };
  return run;
}
