/**
 * adapters/ao/legacy: the disk as the migration of a legacy home may see it: files, folders, git and processes, all of it
 * read-only. It makes no file and changes none.
 */
export { legacyFiles } from './legacy-files.ts';
export { isAlive } from './is-alive.ts';
export { transcriptReader } from './transcript-reader.ts';
