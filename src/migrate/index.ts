/**
 * migrate: readers of foreign formats, and what becomes of what they find. Each format has a folder. Here texts and rows are
 * handled; disks and databases come in through ports.
 */
export { aoMigrations, aoSchema } from './ao/target/target-schema.ts';
