/**
 * migrate: readers of foreign formats, and what becomes of what they find. Each format has a folder. Here texts and rows are
 * handled; disks and databases come in through ports.
 */
export { AoMigrationRefused, LegacyRegistryError, migrationRefused, type RefusalCode } from './ao/errors.ts';
export type { FileText, FolderList, LegacyFiles } from './ao/legacy/legacy-files.ts';
export { migrateAo, type AoMigrationInput } from './ao/migrate-ao.ts';
export { resolvePlaces, type Places } from './ao/places.ts';
export { type AoMigration, hasFailed, reportJson, reportLines } from './ao/plan/report.ts';
export type { AoTarget, Transcripts } from './ao/target/target-port.ts';
export { aoMigrations, aoSchema } from './ao/target/target-schema.ts';
