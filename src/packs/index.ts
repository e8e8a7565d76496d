/**
 * packs: what a pack is and how it comes into a run. Receives packs from programs, hands bundles to runtime. Each pack that
 * ships has a folder of its own here.
 */
export {
  PackConflictError,
  PackNotFoundError,
  PackPromptLoadError,
  PackSettingsMissingError,
  PackValidationError,
  PackVersionConflictError,
  promptInvalid,
} from './errors.ts';
export { effectiveSettings, exportedTools, loadPack, packOf, type PackRequest } from './load-pack.ts';
export { type Pack, pack, type PackOptions, type PackPolicy } from './pack.ts';
export { overriddenSettings, settingFromText, settingKeys } from './pack-settings.ts';
export { type PackPrompt, parsePrompt, promptHash } from './prompt-file.ts';
export { replayPack } from './replay-pack.ts';
