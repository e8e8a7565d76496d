/** Decides what this machine lends to an event pipeline: its time, its chance, its hashing; everything else is the caller's choice. */
import { EventPipeline, type EventPipelineOptions, openMint } from '../sessions/index.ts';
import { drawnHex } from './drawn-hex.ts';
import { nodePlatform, sha256 } from './node-platform.ts';

/** The options of a pipeline; what the machine can give may be left out. */
export type OpenEventPipelineOptions = Omit<EventPipelineOptions, 'store' | 'mint' | 'sha256' | 'platform'> &
  Partial<Pick<EventPipelineOptions, 'mint'>>;

/** Opens a pipeline into a store of sessions. Close it before the store: what waits in it is stored then. */
export function openEventPipeline(
  store: EventPipelineOptions['store'],
  options: OpenEventPipelineOptions = {},
): EventPipeline {
  const mint = openMint({
    nowMs: () => performance.timeOrigin + performance.now(),
    randomHex: drawnHex(),
  });
  return new EventPipeline({ mint, ...options, store, sha256, platform: nodePlatform });
}
