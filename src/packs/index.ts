/**
 * packs: what a pack is and how it comes into a run. Receives packs from programs, hands bundles to runtime. Each pack that
 * ships has a folder of its own here.
 */
export {
  AmbiguousBehaviorError,
  AmbiguousToolError,
  BehaviorNotFoundError,
  PackConflictError,
  PackNotFoundError,
  PackPromptLoadError,
  PackSettingsMissingError,
  PackValidationError,
  PackVersionConflictError,
  ToolNotFoundError,
} from './errors.ts';
export { effectiveSettings, loadPack, packOf, type PackRequest } from './load-pack.ts';
export { type Pack, pack, type PackOptions, type PackPolicy } from './pack.ts';
export { type PackPrompt, parsePrompt, promptHash } from './prompt-file.ts';
export { replayPack } from './replay-pack.ts';
