/**
 * Decides whether a file of events is whole and as it was written: each run begins with its version line, its events stand in
 * their order, each with the chain hash that follows from it and the one before, and the last one is the head.
 */
import type { Sha256, StructuredError } from '../../base/index.ts';
import { chainHash, genesisHash, readTombstone } from '../../log/index.ts';
import { damagedExport, DamagedExportError, LineProblem } from './errors.ts';
import { type EventLine, parseEventLine } from './event-line.ts';
import type { NumberedLine } from './split-lines.ts';
import { isVersionLine, parseVersionLine, type VersionLine } from './version-line.ts';

interface ReadLine {
  readonly number: number;
  readonly text: string;
  readonly value: unknown;
}

/** Reads the runs of a file one after the other; what it throws is a `DamagedExportError`. */
export class ExportReader {
  readonly #lines: AsyncIterator<NumberedLine>;
  readonly #location: string;
  readonly #sha256: Sha256;
  /** A line that was looked at and belongs to what comes next. */
  #waiting: ReadLine | null = null;
  #number = 0;
  #runId: string | null = null;

  constructor(lines: AsyncIterable<NumberedLine>, location: string, sha256: Sha256) {
    this.#lines = lines[Symbol.asyncIterator]();
    this.#location = location;
    this.#sha256 = sha256;
  }

  /** The version line of the next run; `null` at the end of the file. */
  async nextRun(): Promise<VersionLine | null> {
    this.#runId = null;
    const line = await this.#next();
    if (line === null) return null;
    const version = this.#checked(line.number, () => {
      if (!isVersionLine(line.value)) throw new LineProblem('a version line was expected here');
      return parseVersionLine(line.text, line.value, this.#sha256);
    });
    this.#runId = version.id;
    return version;
  }

  /** The events of the run whose version line was read last, to the last one; more or fewer are an error. */
  async *events({ kind, events, headHash }: VersionLine): AsyncGenerator<EventLine, void> {
    let hash = genesisHash;
    let seq = 0;
    let number = this.#number;
    for (let line = await this.#next(); line !== null; line = await this.#next()) {
      if (isVersionLine(line.value)) {
        this.#waiting = line;
        break;
      }
      seq += 1;
      number = line.number;
      const event = this.#follows(line, seq, hash, events);
      if (kind === 'run' && readTombstone(event.row.payload) !== null)
        throw this.#refused(
          number,
          `the payload of event '${event.row.id}' was dropped, and a graph needs it`,
        );
      hash = event.hash;
      yield event;
    }
    if (seq < events)
      throw this.#refused(number, `the run has ${events} events, and the file ends after ${seq}`);
    if (hash !== headHash)
      throw this.#refused(number, 'its last event is not the head that the version line names');
  }

  /** Passes over what is left of a run that was given up. */
  async skipRun(): Promise<void> {
    for (;;) {
      const line = await this.#next().catch((error: unknown) => {
        // The run is given up: what else is wrong with its lines changes nothing.
        if (error instanceof DamagedExportError) return undefined;
        throw error;
      });
      if (line === null) return;
      if (line !== undefined && isVersionLine(line.value)) {
        this.#waiting = line;
        return;
      }
    }
  }

  #follows(line: ReadLine, seq: number, previous: string, events: number): EventLine {
    return this.#checked(line.number, () => {
      if (seq > events) throw new LineProblem(`the run has ${events} events, and this is one more`);
      const event = parseEventLine(line.text, line.value);
      if (event.seq !== seq)
        throw new LineProblem(`place ${seq} was expected here, and this is place ${event.seq}`);
      if (event.hash !== chainHash(previous, event.row, this.#sha256))
        throw new LineProblem(`event '${event.row.id}' was altered: its chain hash does not belong to it`);
      return event;
    });
  }

  async #next(): Promise<ReadLine | null> {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) return waiting;
    const next: IteratorResult<NumberedLine, unknown> = await this.#lines.next();
    if (next.done === true) return null;
    const line = next.value;
    this.#number = line.number;
    return this.#checked(line.number, () => {
      if (!line.ok) throw new LineProblem(line.reason);
      return { number: line.number, text: line.text, value: parsed(line.text) };
    });
  }

  #checked<Result>(number: number, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof LineProblem) throw this.#refused(number, error.message);
      throw error;
    }
  }

  #refused(line: number, reason: string): StructuredError {
    return damagedExport({ location: this.#location, line, reason, runId: this.#runId });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LineProblem(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
