/**
 * Decides how a file is written that somebody asked for: beside its place first, and moved there when it is whole, so that no
 * reader ever finds half of it and nothing is replaced that should stay.
 */
import { type FileHandle, link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import {
  checkArguments,
  checkOptionNames,
  errorClass,
  RunlogError,
  type StructuredError,
} from '../base/index.ts';
import { databaseFiles, draftOf, removeDeadDrafts } from './draft-file.ts';
import { parseStoreUrl } from './store-url/store-url.ts';
import { wholePath } from './whole-path.ts';

/** A file could not be written where it was asked for. */
export const OutputFileError = errorClass('OutputFileError', RunlogError);

/** Whether a file may be written over, and the store that it must not be. */
export interface OutputOptions {
  /** Replace a file that is there. */
  readonly force: boolean;
  /** A store that must not be written over. */
  readonly storeUrl: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ force: true, storeUrl: true } satisfies Record<
  keyof OutputOptions,
  true
>);

interface Asked extends OutputOptions {
  /** False where nothing is ever replaced. */
  readonly mayForce?: boolean;
}

function otherName(mayForce: boolean): string {
  return mayForce ? 'Name another file, or replace this one with --force.' : 'Name another file.';
}

/** Hands `fill` a function that writes, and puts the file in its place when `fill` is done. Rejects with `OutputFileError`. */
export async function writeOutputFile<Result>(
  path: string,
  options: OutputOptions,
  fill: (write: (text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  checkArguments('writeOutputFile', {
    path: [path, 'text'],
    options: [options, 'object'],
    fill: [fill, 'function'],
  });
  checkOptionNames('writeOutputFile', options, optionNames);
  const target = await checkedTarget(path, options);
  const draft = draftOf(target);
  await removeDeadDrafts(target);
  const file = await opened(draft, path);
  try {
    const result = await fill((text) => refusedBy(path, async () => file.writeFile(text)));
    await refusedBy(path, async () => {
      await file.sync();
      await file.close();
    });
    await moved(draft, target, path, options);
    return result;
  } catch (error) {
    await file.close().catch(() => undefined);
    await removeQuietly(draft);
    throw error;
  }
}

/**
 * As `writeOutputFile`, for whoever makes a file by its name: `make` gets that of an empty one beside the place. Never replaces
 * anything.
 */
export async function placeOutputFile<Result>(
  path: string,
  storeUrl: string,
  make: (draft: string) => Promise<Result>,
): Promise<Result> {
  const options = { force: false, storeUrl, mayForce: false };
  const target = await checkedTarget(path, options);
  for (const end of databaseFiles) {
    if ((await stat(`${target}${end}`).catch(() => null)) === null) continue;
    const what = `'${basename(target)}${end}' stands beside it, which a database would take for its own`;
    throw refused(path, what, 'Move it away, or name another file.');
  }
  const draft = draftOf(target);
  await removeDeadDrafts(target);
  await (await opened(draft, path)).close();
  try {
    const result = await make(draft);
    await refusedBy(path, async () => {
      const file = await open(draft, 'r+');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    });
    await moved(draft, target, path, options);
    return result;
  } catch (error) {
    for (const end of ['', ...databaseFiles]) await removeQuietly(`${draft}${end}`);
    throw error;
  }
}

/** Follows a link to the file that it means. */
async function checkedTarget(path: string, { force, storeUrl, mayForce = true }: Asked): Promise<string> {
  const there = await stat(path).catch(() => null);
  const target = there === null ? wholePath(path) : await refusedBy(path, async () => realpath(path));
  if (await belongsToStore(target, storeUrl))
    throw refused(path, 'it is the store that is being read', 'Name another file.');
  if (there === null) return target;
  if (!there.isFile())
    throw refused(
      path,
      'something is there that is not a file',
      mayForce ? 'Name a file, or leave -o out and redirect the output.' : otherName(mayForce),
    );
  if (!force) throw refused(path, 'the file is there already', otherName(mayForce));
  return target;
}

async function belongsToStore(target: string, storeUrl: string): Promise<boolean> {
  const store = parseStoreUrl(storeUrl);
  if (store.scheme !== 'sqlite') return false;
  const database = await realpath(store.path).catch(() => resolve(store.path));
  return [database, `${database}-wal`, `${database}-shm`].includes(target);
}

async function opened(draft: string, path: string): Promise<FileHandle> {
  return refusedBy(path, async () => open(draft, 'wx'));
}

/** Rejects with what the operating system refused while a file was written. */
async function refusedBy<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw outputFailed(path, cause);
  }
}

/** The next one who writes there takes away what cannot be removed now. */
async function removeQuietly(draft: string): Promise<void> {
  await rm(draft, { force: true }).catch(() => undefined);
}

/** A link is made only when nothing has the name; file systems without links get the rename of the other case. */
async function moved(
  draft: string,
  target: string,
  path: string,
  { force, mayForce = true }: Asked,
): Promise<void> {
  try {
    if (force) return await rename(draft, target);
    await link(draft, target);
    await rm(draft);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'EEXIST') throw refused(path, 'the file has appeared meanwhile', otherName(mayForce));
    if (force || code === null || !withoutLinks.has(code)) throw outputFailed(path, cause);
    await refusedBy(path, async () => rename(draft, target));
  }
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function refused(path: string, reason: string, howToFix: string): StructuredError {
  return new OutputFileError({
    summary: `'${path}' is not written: ${reason}`,
    whatFailed: `The output was to be written to '${path}', and ${reason}.`,
    why: 'What is on disk is not replaced by accident.',
    howToFix,
    context: { path },
  });
}

/** What the operating system refused to write; `place` is a path, or says where else the output was to go. */
export function outputFailed(
  place: string,
  cause: unknown,
  howToFix = `Check that the directory '${dirname(resolve(place))}' is there, can be written, and has room.`,
): StructuredError {
  return new OutputFileError({
    summary: `'${place}' could not be written (${codeOf(cause) ?? 'unknown'})`,
    whatFailed: `The operating system said: ${cause instanceof Error ? cause.message : String(cause)}.`,
    why: 'Output that is not whole is not called done.',
    howToFix,
    context: { path: place },
    cause,
  });
}

function codeOf(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
}
