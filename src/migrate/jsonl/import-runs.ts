/**
 * Decides how the runs of a file come into a store: each whole or not at all, proved by reading it back; what is there already is
 * left alone, and what differs is never overwritten. One reading of the file, in memory for a page of events.
 */
import { type CancelSignal, isStructuredError, type Sha256 } from '../../base/index.ts';
import { type EventRow, genesisHash, type Head, type WholeLogStore } from '../../log/index.ts';
import { verifyRun } from '../copy-run.ts';
import type { RunReport } from '../report.ts';
import { utf8Length } from '../utf8-length.ts';
import { damagedExport, DamagedExportError } from './errors.ts';
import type { EventLine } from './event-line.ts';
import { ExportReader } from './export-reader.ts';
import type { ImportProgress, ImportReport, RefusedLine } from './import-report.ts';
import { anotherRun, placeRun, type Placing } from './place-run.ts';
import { splitLines } from './split-lines.ts';
import { formatName, formatVersion, type VersionLine } from './version-line.ts';

export interface ImportRunsOptions {
  readonly sha256: Sha256;
  /** What the report calls the file. */
  readonly source: string;
  /** What it calls the destination; a URL without its password. */
  readonly location: string;
  /** Longer lines are refused; 256 MiB without it. */
  readonly lineBytesAtMost?: number;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Ends the import between two pages; the run under way leaves nothing. */
  readonly signal?: CancelSignal;
  /** Waited for after each page, so that whoever would abort the signal has a turn; nothing without it. */
  readonly pause?: () => Promise<void>;
}

/**
 * Takes in every run of a file. The destination is opened when the first version line has been read, and not closed here. What
 * goes wrong with one run is in its report and does not stop the others. Rejects with
 * `DamagedExportError` for a file that does not begin with a version line, and with what reading the file rejects with.
 */
export async function importRuns(
  chunks: AsyncIterable<Uint8Array>,
  openDestination: () => Promise<WholeLogStore>,
  options: ImportRunsOptions,
): Promise<ImportReport> {
  const { source, location, sha256, signal } = options;
  const lines = splitLines(chunks, options.lineBytesAtMost);
  const reader = new ExportReader(lines, source, sha256);
  const runs: RunReport[] = [];
  const refused: RefusedLine[] = [];
  let isStopped = false;
  let destination: WholeLogStore | null = null;
  try {
    for (;;) {
      const version = await reader.nextRun();
      if (version === null) break;
      destination ??= await openDestination();
      const importing = new RunImport(reader, version, destination, options, runs.length + 1);
      const report = await importing.carryOut(refused);
      if (report === null) isStopped = true;
      else runs.push(report);
      if (isStopped) break;
      await reader.skipRun();
    }
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) isStopped = true;
    else if (error instanceof DamagedExportError && runs.length > 0) refused.push(refusedLine(error));
    else throw error;
  } finally {
    // Gives free what the lines are read from, however far that was.
    await lines.return(undefined);
  }
  if (runs.length === 0 && refused.length === 0 && !isStopped)
    throw damagedExport({ location: source, line: 1, reason: 'it holds no run', runId: null });
  const isOk = ({ status }: RunReport): boolean => status !== 'failed' && status !== 'conflict';
  return {
    source,
    format: `${formatName} ${formatVersion}`,
    destination: location,
    isDryRun: false,
    runs,
    refused,
    ok: !isStopped && refused.length === 0 && runs.every(isOk),
    isStopped,
    notes: [],
  };
}

function refusedLine(error: unknown): RefusedLine {
  const context = isStructuredError(error) ? error.context : {};
  const { line, reason, run_id: runId } = context;
  return {
    line: typeof line === 'number' ? line : 0,
    reason: typeof reason === 'string' ? reason : '',
    runId: typeof runId === 'string' ? runId : null,
  };
}

const pageLimits = { events: 1000, characters: 8 * 1024 * 1024 } as const;

/** One run of a file on its way. */
class RunImport {
  readonly #reader: ExportReader;
  readonly #version: VersionLine;
  readonly #destination: WholeLogStore;
  readonly #options: ImportRunsOptions;
  readonly #run: number;
  #written = 0;
  #bytes = 0;

  constructor(
    reader: ExportReader,
    version: VersionLine,
    destination: WholeLogStore,
    options: ImportRunsOptions,
    run: number,
  ) {
    this.#reader = reader;
    this.#version = version;
    this.#destination = destination;
    this.#options = options;
    this.#run = run;
  }

  /** `null` when it was stopped in the middle. Lines that are refused are added to the list. */
  async carryOut(refused: RefusedLine[]): Promise<RunReport | null> {
    const { signal } = this.#options;
    try {
      const placing = await placeRun(this.#version, this.#destination);
      if (placing.kind === 'present' || placing.kind === 'conflict') return await this.#readOnly(placing);
      return await this.#write(placing);
    } catch (error) {
      if (signal?.aborted === true) return null;
      if (error instanceof DamagedExportError) refused.push(refusedLine(error));
      return this.#report('failed', { problem: problemOf(error) });
    }
  }

  /** Nothing is written; the file has to be whole all the same before it is called present. */
  async #readOnly(placing: Extract<Placing, { kind: 'present' | 'conflict' }>): Promise<RunReport> {
    for await (const page of this.#pages(this.#reader.events(this.#version))) void page;
    if (placing.kind === 'conflict') return this.#report('conflict', { problem: placing.why });
    // A call that was killed may have left it unproved.
    return this.#report('present', { verifiedHash: await this.#verified() });
  }

  async #verified(): Promise<string> {
    const { id, events, headHash } = this.#version;
    const { sha256 } = this.#options;
    const onPage = (read: number): Promise<void> => this.#turn('verify', read);
    return verifyRun(this.#destination, id, { seq: events, hash: headHash }, { sha256, onPage });
  }

  async #write(placing: Extract<Placing, { kind: 'new' | 'continued' }>): Promise<RunReport> {
    const version = this.#version;
    const lines = this.#reader.events(version);
    const reached = await this.#hashBehind(lines, placing.after);
    if (placing.hash !== null && reached !== placing.hash) {
      for await (const page of this.#pages(lines)) void page;
      const problem =
        placing.kind === 'continued'
          ? anotherRun(placing.head, version.events)
          : 'the events that it shares with its parent do not end in the chain hash of its fork point';
      return this.#report(placing.kind === 'continued' ? 'conflict' : 'failed', { problem });
    }
    const isContinued = placing.kind === 'continued';
    await this.#copyIn(
      isContinued ? placing.head : null,
      isContinued ? null : placing.parent,
      placing.after,
      lines,
    );
    const verifiedHash = await this.#verified();
    const note = isContinued ? null : placing.note;
    return this.#report(isContinued ? 'continued' : 'copied', { verifiedHash, note });
  }

  /** Reads the events up to a place, and says which chain hash stands there. The others are still to be read. */
  async #hashBehind(lines: AsyncGenerator<EventLine, void>, after: number): Promise<string> {
    let hash = genesisHash;
    for (let place = 1; place <= after; place += 1) {
      const { value } = await lines.next();
      if (value === undefined) break;
      hash = value.hash;
      if (place % pageLimits.events === 0) await this.#turn('copy', place);
    }
    return hash;
  }

  async #copyIn(
    continues: Head | null,
    parent: { readonly logId: string; readonly atSeq: number } | null,
    after: number,
    lines: AsyncIterable<EventLine>,
  ): Promise<void> {
    const { id, kind, label, createdAt } = this.#version;
    const destination = this.#destination;
    const lease = continues === null ? null : await destination.acquire(id);
    try {
      const pages = this.#counted(this.#pages(lines, after));
      const log = { id, kind, label, createdAt };
      const epoch = lease?.epoch ?? null;
      await destination.copyIn({ log, parent, after, epoch, replaces: null, pages, records: () => [] });
    } finally {
      if (lease !== null) await destination.release(lease);
    }
  }

  async *#pages(lines: AsyncIterable<EventLine>, after = 0): AsyncGenerator<readonly EventRow[]> {
    let page: EventRow[] = [];
    let characters = 0;
    let read = after;
    for await (const { row } of lines) {
      page.push(row);
      read += 1;
      characters += row.payload.length;
      if (page.length < pageLimits.events && characters < pageLimits.characters) continue;
      yield page;
      page = [];
      characters = 0;
      await this.#turn('copy', read);
    }
    if (page.length === 0) return;
    yield page;
    await this.#turn('copy', read);
  }

  async *#counted(pages: AsyncIterable<readonly EventRow[]>): AsyncGenerator<readonly EventRow[]> {
    for await (const page of pages) {
      this.#written += page.length;
      for (const { payload } of page) this.#bytes += utf8Length(payload);
      yield page;
    }
  }

  async #turn(phase: ImportProgress['phase'], events: number): Promise<void> {
    const { onProgress, pause, signal } = this.#options;
    const { id: runId, events: ofEvents } = this.#version;
    onProgress?.({ runId, run: this.#run, phase, events, ofEvents });
    await pause?.();
    if (signal?.aborted === true) throw signal.reason;
  }

  #report(
    status: RunReport['status'],
    found: { readonly verifiedHash?: string; readonly problem?: string; readonly note?: string | null },
  ): RunReport {
    const isThere = status === 'copied' || status === 'continued';
    return {
      runId: this.#version.id,
      status,
      events: isThere ? this.#written : 0,
      bytes: isThere ? this.#bytes : 0,
      skipped: [],
      brokenLinks: [],
      isAncestor: false,
      verifiedHash: found.verifiedHash ?? null,
      artifacts: 0,
      sourceDigest: null,
      notes: typeof found.note === 'string' ? [found.note] : [],
      problem: found.problem ?? null,
    };
  }
}

function problemOf(error: unknown): string {
  if (isStructuredError(error)) return `${error.whatFailed} ${error.howToFix}`.trim();
  return error instanceof Error ? error.message : String(error);
}
