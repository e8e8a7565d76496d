/**
 * Decides how a transcript gets to the place where the rewrite will look for it: copied beside it, then named, after the folder of
 * its sub-agents. The source stays, and what is there already is never touched.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  cpSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../host/index.ts';
import { draftOf, removeOldDrafts } from './drafts.ts';
import { putInPlace } from './put-in-place.ts';

export interface TranscriptPlace {
  /** Checked: it becomes the name of a file. */
  readonly uuid: string;
  readonly sourceFolders: readonly string[];
  readonly targetFolder: string;
}

type Outcome =
  | { readonly state: 'copied'; readonly remark: string | null }
  | { readonly state: 'present' | 'missing' }
  | { readonly state: 'failed'; readonly reason: string };

export function transcriptFiles(isAlive: (pid: number) => boolean): {
  look(plan: TranscriptPlace): Outcome;
  copy(plan: TranscriptPlace): Outcome;
} {
  return {
    look: (plan) => guarded(() => lookAt(plan).outcome),
    copy: (plan) =>
      guarded(() => {
        const { outcome, source, target } = lookAt(plan);
        if (outcome.state === 'copied') copyAll(plan, source, target, isAlive);
        if (outcome.state === 'present') removeOldDrafts(target, isAlive);
        return outcome;
      }),
  };
}

function guarded(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

interface Found {
  readonly outcome: Outcome;
  /** The folder that has it. */
  readonly source: string;
  readonly target: string;
}

function lookAt({ uuid, sourceFolders, targetFolder }: TranscriptPlace): Found {
  const name = `${uuid}.jsonl`;
  const target = join(targetFolder, name);
  const source = sourceFolders.find((folder) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
  );
  if (statSync(target, { throwIfNoEntry: false }) !== undefined)
    return { outcome: { state: 'present' }, source: '', target };
  if (source === undefined) return { outcome: { state: 'missing' }, source: '', target };
  return { outcome: { state: 'copied', remark: remarkOn(join(source, name)) }, source, target };
}

/** The sub-agents first: when the transcript has its name, all is there. */
function copyAll(
  { uuid, targetFolder }: TranscriptPlace,
  source: string,
  target: string,
  isAlive: (pid: number) => boolean,
): void {
  makeFolder(targetFolder);
  removeOldDrafts(target, isAlive);
  copyFolder(join(source, uuid), join(targetFolder, uuid), isAlive);
  const draft = draftOf(target);
  try {
    const from = join(source, `${uuid}.jsonl`);
    copyFileSync(from, draft, constants.COPYFILE_FICLONE);
    const { atime, mtime } = statSync(from);
    // Tools list transcripts by their time.
    utimesSync(draft, atime, mtime);
    putInPlace(draft, target, false);
  } finally {
    rmSync(draft, { force: true });
  }
}

function copyFolder(from: string, to: string, isAlive: (pid: number) => boolean): void {
  const isWanted = statSync(from, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isWanted || statSync(to, { throwIfNoEntry: false }) !== undefined) return;
  removeOldDrafts(to, isAlive);
  const draft = draftOf(to);
  try {
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    renameSync(draft, to);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** How much of a transcript is looked at; a longer first line is not judged. */
const lookedAtBytes = 64 * 1024;

function remarkOn(path: string): string | null {
  const line = firstLine(path);
  if (line === null) return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return null;
  } catch {
    // Told below, as any other first line that is no object.
  }
  return 'its first line is no JSON object, so it may not be resumed';
}

/** `null` when it is longer than what is looked at. */
function firstLine(path: string): string | null {
  const buffer = Buffer.alloc(lookedAtBytes);
  const descriptor = openSync(path, 'r');
  try {
    const length = readSync(descriptor, buffer, 0, lookedAtBytes, 0);
    const end = buffer.subarray(0, length).indexOf(0x0a);
    if (end === -1 && length === lookedAtBytes) return null;
    return buffer.subarray(0, end === -1 ? length : end).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
