/**
 * host: what this process is called among all processes, whether another one still lives, and how a program of somebody else is started
 * and ended with all that it started, how a folder is made, and in which one this process works. Who may write is decided by the stores that ask here, what a program says by its adapter.
 */
export { makeFolder } from './make-folder.ts';
export { endMarked, markedProcesses } from './marked-processes.ts';
export { beginningOf, type HeldText, type OutputLine, outputLines, wellFormed } from './output-lines.ts';
export { presentFolder } from './present-folder.ts';
export { isGone, type ProcessIdentity, thisProcess } from './process-identity.ts';
export { type ProgramEnd, type ProgramOptions, startProgram, type StartedProgram } from './program.ts';
export {
  type RunningProgram,
  RunningPrograms,
  type StopReason,
  type StopSignal,
} from './running-programs.ts';
