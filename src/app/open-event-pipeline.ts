/** Decides what this machine lends to an event pipeline: its time, its chance, its hashing; everything else is the caller's choice. */
import { checkArguments, checkOptionNames } from '../base/index.ts';
import { EventPipeline, type EventPipelineOptions, openMint } from '../sessions/index.ts';
import { drawnHex } from './drawn-hex.ts';
import { nodePlatform, sha256 } from './node-platform.ts';

/** The options of a pipeline; what the machine can give may be left out. */
export type OpenEventPipelineOptions = Omit<EventPipelineOptions, 'store' | 'mint' | 'sha256' | 'platform'> &
  Partial<Pick<EventPipelineOptions, 'mint'>>;

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  mint: true,
  redactor: true,
  coalescing: true,
  whenAway: true,
  retryMs: true,
  onNotice: true,
  onTelemetry: true,
} satisfies Record<keyof OpenEventPipelineOptions, true>);

/** Opens a pipeline into a store of sessions. Close it before the store: what waits in it is stored then. */
export function openEventPipeline(
  store: EventPipelineOptions['store'],
  options: OpenEventPipelineOptions = {},
): EventPipeline {
  checkArguments('openEventPipeline', { options: [options, 'object'] });
  checkOptionNames('openEventPipeline', options, optionNames);
  const mint = openMint({
    nowMs: () => performance.timeOrigin + performance.now(),
    randomHex: drawnHex(),
  });
  return new EventPipeline({ mint, ...options, store, sha256, platform: nodePlatform });
}
