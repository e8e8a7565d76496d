/**
 * host: what this process is called among all processes, and whether another one still lives. It decides what the operating
 * system is asked for that; who may write is decided by the stores that ask here.
 */
export { isGone, type ProcessIdentity, thisProcess } from './process-identity.ts';
