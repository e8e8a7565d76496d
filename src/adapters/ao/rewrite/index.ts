/**
 * adapters/ao/rewrite: the side that a migration writes to: the SQLite database of the rewrite, made or added to in one
 * transaction, and the folders in which Claude Code keeps transcripts.
 */
export { aoTarget, type AoTargetOptions } from './ao-target.ts';
export { transcriptFiles } from './transcript-files.ts';
