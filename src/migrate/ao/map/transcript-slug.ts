/** Decides which folder of its own Claude Code keeps for a working directory. */

/** The present rule: one `-` for everything that is no letter, digit or `-`. */
export function transcriptSlug(path: string): string {
  return path.replaceAll('\\', '/').replaceAll(/[^a-zA-Z0-9-]/g, '-');
}

/** The rule until spring 2026. Transcripts that were moved by the legacy tool may still lie there. */
export function olderTranscriptSlug(path: string): string {
  return path.replaceAll('\\', '/').replaceAll(':', '').replaceAll(/[/.]/g, '-');
}

/** Strict, because it becomes the name of a file. */
export function isTranscriptId(text: string): boolean {
  return /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text);
}
