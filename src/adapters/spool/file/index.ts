/**
 * The spool of the event pipeline as one file: events that cannot reach their store wait here, and survive the death of the
 * process and of the machine. One process at a time has it open.
 */
export { type FileSpool, openFileSpool } from './file-spool.ts';
