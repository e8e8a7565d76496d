/** Decides how a pack is refused: what is wrong with it, and what it collides with. */
import {
  errorClass,
  NotFoundError,
  PackError,
  RegistrationError,
  type StructuredError,
} from '../base/index.ts';

const categories = [RegistrationError, PackError];

/** A pack was asked for by a name that no pack has. */
export const PackNotFoundError = errorClass('PackNotFoundError', RegistrationError, NotFoundError);
/** A pack was declared with a missing, malformed or repeated name, or without a version. */
export const PackValidationError = errorClass('PackValidationError', categories);
/** A pack declares a name that something else in the run owns. The load changed nothing. */
export const PackConflictError = errorClass('PackConflictError', categories);
/** A run uses one version of a pack, and another version was to be loaded. */
export const PackVersionConflictError = errorClass('PackVersionConflictError', categories);
/** The settings of a pack are missing or do not fit its schema. */
export const PackSettingsMissingError = errorClass('PackSettingsMissingError', categories);
/** A prompt file of a pack has no readable frontmatter or no version. */
export const PackPromptLoadError = errorClass('PackPromptLoadError', categories);

export function packInvalid(data: { pack: string; problem: string }): StructuredError {
  return new PackValidationError({
    summary: `pack '${data.pack}' is not valid: ${data.problem}`,
    whatFailed: `Pack '${data.pack}' was declared with a fault: ${data.problem}.`,
    why: 'A run names the behaviors, tools and prompts of a pack in its log; each name has to mean one thing.',
    howToFix: 'Mend the declaration of the pack.',
    context: { pack: data.pack, problem: data.problem },
  });
}

export function packConflict(data: {
  kind: string;
  name: string;
  owner: string;
  pack: string;
}): StructuredError {
  return new PackConflictError({
    summary: `pack '${data.pack}' declares ${data.kind} '${data.name}', which '${data.owner}' has declared`,
    whatFailed: `Pack '${data.pack}' could not be loaded: ${data.kind} '${data.name}' belongs to '${data.owner}' in this run.`,
    why: 'Two meanings of one name would make the log ambiguous.',
    howToFix: 'Rename it in one of the two packs, or use the packs in separate runs.',
    context: { kind: data.kind, canonical: data.name, owner_pack: data.owner, conflicting_pack: data.pack },
  });
}

export function packVersionConflict(data: {
  pack: string;
  loaded: string;
  attempted: string;
}): StructuredError {
  return new PackVersionConflictError({
    summary: `pack '${data.pack}': already loaded version '${data.loaded}', attempted to load version '${data.attempted}'`,
    whatFailed: `This run uses version '${data.loaded}' of pack '${data.pack}'; version '${data.attempted}' was to be loaded.`,
    why: 'A run is explained by the code that drove it; two versions of a pack would share its names.',
    howToFix: `Use version '${data.loaded}' for this run, or start a new run with version '${data.attempted}'.`,
    context: { pack: data.pack, loaded_version: data.loaded, attempted_version: data.attempted },
  });
}

export function packSettings(data: { pack: string; problem: string }): StructuredError {
  return new PackSettingsMissingError({
    summary: `settings of pack '${data.pack}' are not valid: ${data.problem}`,
    whatFailed: `Pack '${data.pack}' could not be loaded with the settings it was given: ${data.problem}.`,
    why: 'Settings are part of the history of a run, so they are checked before the first event.',
    howToFix: `Pass them when loading: \`packs: [{ pack, settings: { ... } }]\`.`,
    context: { pack: data.pack, problem: data.problem },
  });
}

/** Makes the error of a file of prompts that cannot be read. */
export function promptInvalid(data: { file: string; problem: string; cause?: unknown }): StructuredError {
  return new PackPromptLoadError({
    summary: `prompt '${data.file}' cannot be read: ${data.problem}`,
    whatFailed: `The prompt file '${data.file}' has a fault: ${data.problem}.`,
    why: 'The log names each prompt by version and hash; a prompt without them could not be told from its next edition.',
    howToFix: 'Begin the file with a line `---`, then `version = "1.0.0"`, then a line `---`, then the text.',
    context: { file: data.file, problem: data.problem },
    cause: data.cause,
  });
}
