/** Decides how a file of events is read into the store that a URL names: the file first, and the store only when there is something in it. */
import { open } from 'node:fs/promises';
import {
  checkedOptions,
  checkOptionNames,
  errorClass,
  RunlogError,
  type StructuredError,
} from '../../base/index.ts';
import { type WholeLogStore, withoutCredentials } from '../../log/index.ts';
import { type ImportReport, importRuns, type ImportRunsOptions } from '../../migrate/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { type CopyTarget, openCopyTarget } from './copy-target.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { untilStopped } from './until-stopped.ts';

/** A file that was to be imported cannot be read; `context.reason` is `missing` when it is not there. */
export const ImportFileError = errorClass('ImportFileError', RunlogError);

/** How a file of events is imported. */
export interface ImportOptions extends Pick<ImportRunsOptions, 'onProgress' | 'signal' | 'lineBytesAtMost'> {
  /** What the report and the errors call the bytes, when they are no file. */
  readonly name?: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  name: true,
  onProgress: true,
  signal: true,
  lineBytesAtMost: true,
} satisfies Record<keyof ImportOptions, true>);

/**
 * Takes the runs of a file, or of a stream of its bytes, into the store of a URL, which is made when it is not there. The report
 * tells what became of each run; the call again changes nothing more. Rejects with `ImportFileError`, with `DamagedExportError`
 * for what is no such file, and with the errors of opening the store.
 */
export async function importFile(
  file: string | AsyncIterable<Uint8Array>,
  to: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  checkOptionNames('importFile', checkedOptions('importFile', options), optionNames);
  parseStoreUrl(to);
  const opened: CopyTarget[] = [];
  const openDestination = async (): Promise<WholeLogStore> => {
    const target = await openCopyTarget(to);
    opened.push(target);
    return target.store;
  };
  const { name = 'the stream', ...rest } = options;
  try {
    const bytes = typeof file === 'string' ? bytesOf(file) : untilStopped(file, options.signal);
    const report = await importRuns(bytes, openDestination, {
      ...rest,
      sha256,
      pause: nodePlatform.pause,
      source: typeof file === 'string' ? file : name,
      location: withoutCredentials(to),
    });
    for (const { settle } of opened) await settle();
    return report;
  } finally {
    for (const { store } of opened) await store.close();
  }
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path, 'r');
    yield* file.createReadStream({ highWaterMark: 1024 * 1024 });
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}

export function unreadableFile(path: string, cause: unknown): StructuredError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const isMissing = code === 'ENOENT';
  return new ImportFileError({
    summary: `'${path}' cannot be read (${code})`,
    whatFailed: `The operating system said: ${cause instanceof Error ? cause.message : String(cause)}.`,
    why: 'Nothing is imported from a file that cannot be read to its end.',
    howToFix: isMissing
      ? 'Check the path: `runlog export-trace URL --run-id RUN --format jsonl --output FILE` makes such a file.'
      : 'Check that it is a file and that this user may read it.',
    context: { path, reason: isMissing ? 'missing' : 'unreadable' },
    cause,
  });
}
