/**
 * Decides how a program is taken from a file: an ES module whose default export is what `open` takes, or a function that
 * returns it. Whatever keeps it from being taken is told in a sentence.
 */
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import {
  checkArguments,
  ConfigurationError,
  errorClass,
  isStructuredError,
  nearestNames,
  type StructuredError,
} from '../../base/index.ts';
import { packOf } from '../../packs/index.ts';
import { checkOptionForms } from '../../runtime/index.ts';
import { type OpenOptions, openOptionNames } from '../open-options.ts';
import { wholePath } from '../whole-path.ts';
import { whileReading } from './reading-program.ts';

/** A file does not hold a program, or fails while it is loaded. */
export const ProgramFileError = errorClass('ProgramFileError', ConfigurationError);

/** What a run is driven with, wherever it is kept. */
export type Program = Omit<OpenOptions, (typeof notOfAProgram)[number]>;

/** Where a run is kept and what it is called is said by whoever reads the file. */
const notOfAProgram = [
  'runId',
  'label',
  'store',
  'persistTo',
] as const satisfies readonly (keyof OpenOptions)[];
const programOptionNames = openOptionNames.filter((name) => !notOfAProgram.some((other) => other === name));
const lists = ['behaviors', 'tools', 'types', 'policies', 'packs', 'upcasts'] as const;

/**
 * Loads a program; its module is run, and may not open a run itself. Rejects with `ProgramFileError`, and for what is no behavior, tool or
 * pack with the errors of the runtime.
 */
export async function loadProgramFile(path: string): Promise<Program> {
  checkArguments('loadProgramFile', { path: [path, 'text'] });
  const file = wholePath(path);
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true)
    throw refused(path, 'there is no such file', 'Check the path; it is looked up from the present folder.');
  return whileReading(path, async () => {
    const exported = await attempt(path, 'it cannot be imported', async () => importDefault(file));
    const program = isMaker(exported)
      ? await attempt(path, 'its function threw', async () => exported())
      : exported;
    if (isProgram(program)) await attempt(path, 'an option cannot be read', async () => ({ ...program }));
    const taken = checked(path, program);
    checkOptionForms(taken);
    for (const request of taken.packs ?? []) packOf(request);
    return taken;
  });
}

function isMaker(exported: unknown): exported is () => unknown {
  return typeof exported === 'function';
}

async function importDefault(file: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(file).href);
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
}

async function attempt(path: string, what: string, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (cause) {
    const problem = isStructuredError(cause)
      ? cause.summary
      : cause instanceof Error
        ? `${cause.name}: ${cause.message.split('\n')[0] ?? ''}`
        : String(cause);
    const isDriving = isStructuredError(cause) && cause.context['reason'] === 'reading-program';
    if (isDriving) throw refused(path, problem, cause.howToFix, cause);
    throw refused(
      path,
      `${what}: ${problem}`,
      'The first line of the message names the place; `RUNLOG_DEBUG=1` adds the stack.',
      cause,
    );
  }
}

function checked(path: string, program: unknown): Program {
  const form = 'Export what `open` takes: `export default { behaviors: [...], tools: [...], packs: [...] }`.';
  if (!isProgram(program)) throw refused(path, 'its default export is no object of options', form);
  const entries: Readonly<Record<string, unknown>> = { ...program };
  const unknown = Object.keys(entries).find((name) => !programOptionNames.includes(name));
  if (unknown !== undefined)
    throw refused(
      path,
      `it has an option '${unknown}'`,
      `${meant(unknown)}Known are ${programOptionNames.join(', ')}.`,
    );
  for (const name of lists) {
    const list = entries[name];
    if (list !== undefined && !Array.isArray(list)) throw refused(path, `its '${name}' is no list`, form);
  }
  return program;
}

function meant(unknown: string): string {
  const near = nearestNames(unknown, programOptionNames);
  return near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `;
}

function isProgram(value: unknown): value is Program {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(path: string, problem: string, howToFix: string, cause?: unknown): StructuredError {
  return new ProgramFileError({
    summary: `program '${path}' cannot be used: ${problem}`,
    whatFailed: `The file '${path}' was to say what drives a run, and ${problem}.`,
    why: 'A run that is driven by something else than was meant has another history.',
    howToFix,
    context: { path, problem },
    cause,
  });
}
