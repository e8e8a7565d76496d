/** Decides how the trace of a run leaves its store: page by page, so that a run of any length is exported in bounded memory. */
import {
  checkArguments,
  checkOptionNames,
  type CancelSignal,
  InvalidRuntimeConfiguration,
  isStructuredError,
  shellWord,
} from '../base/index.ts';
import {
  ChainCheck,
  CorruptedEventPayloadError,
  DamagedHistoryError,
  decodeEvent,
  genesisHash,
  type Head,
  type LogInfo,
  type LogStore,
  type StoredEvent,
} from '../log/index.ts';
import { sessionDocumentKinds } from '../sessions/index.ts';
import { eventLineText, storedHashAt, versionLineText } from '../migrate/index.ts';
import { storedJsonLine, TraceFlags, traceLines, type Paint } from '../view/index.ts';
import { chooseLog, type ChosenRun } from './choose-run.ts';
import { checkOptionValue } from './option-value.ts';
import { nodePlatform, sha256 } from './node-platform.ts';
import { withStore } from './with-store.ts';

/**
 * `text`: the lines that a person reads. `jsonl`: a version line and one event a line, as `importRuns` takes it in. `events`: one
 * event a line with the seven fields of the specification.
 */
export type TraceFormat = 'text' | 'jsonl' | 'events';

const pieceCharacters = 1_000_000;

/** Which run, in which form, and where its text goes. */
export interface ExportOptions {
  readonly runId?: string;
  readonly format: TraceFormat;
  /** Takes the next piece of text, about a million characters at most unless one event is longer. */
  readonly write: (text: string) => Promise<void>;
  /** Ends the export between two pages; the promise rejects with the signal's reason. */
  readonly signal?: CancelSignal;
  readonly paint?: Paint;
  /** Of a damaged run, export the events before the damage as a run that ends there; without it such a run is refused. */
  readonly untilDamage?: boolean;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  runId: true,
  format: true,
  write: true,
  signal: true,
  paint: true,
  untilDamage: true,
} satisfies Record<keyof ExportOptions, true>);
/** Every form: one that is missing here does not compile. */
const traceFormats: readonly string[] = Object.keys({
  text: true,
  jsonl: true,
  events: true,
} satisfies Record<TraceFormat, true>);

export interface ExportedRun extends ChosenRun {
  /** What ends the run before its own end; `null` when all of it was exported. */
  readonly damage: string | null;
}

/**
 * Exports the trace of a run of the store that a URL names, or of one that is open. The hash chain is verified on the way. Resolves to the run that was taken, when all of it has
 * been written. Rejects with `RunNotFoundError`, `DamagedHistoryError`, `CorruptedEventPayloadError` and the errors of the
 * store; what stands before the damage is written then.
 */
export async function exportTrace(target: string | LogStore, options: ExportOptions): Promise<ExportedRun> {
  checkArguments('exportTrace', {
    target: [target, 'text', 'with commit'],
    options: [options, 'with write'],
  });
  checkOptionNames('exportTrace', options, optionNames);
  checkOptionValue('exportTrace', 'format', options.format, traceFormats);
  const write = async (store: LogStore): Promise<ExportedRun> => {
    const chosen = await exportedRun(store, await chooseLog(store, options.runId), options);
    const { info } = chosen;
    if (options.format === 'jsonl' && info.kind === 'session') await refuseDocuments(store, info);
    if (options.format === 'jsonl') await writeLines(store, info, options);
    else if (options.format === 'events') await writeJson(store, info.head, options);
    else await writeText(store, info.head, options);
    return chosen;
  };
  return typeof target === 'string' ? withStore(target, 'read', write) : write(target);
}

/** Cut at its damage where that is asked for; with a parent only when it is whole as far as it was forked. */
async function exportedRun(
  store: LogStore,
  chosen: ChosenRun,
  { untilDamage, signal }: ExportOptions,
): Promise<ExportedRun> {
  if (untilDamage !== true) return { ...chosen, damage: null };
  const { info } = chosen;
  let head: Head = { logId: info.id, seq: 0, hash: genesisHash };
  const reading = {
    write: async () => undefined,
    format: 'events',
    ...(signal === undefined ? {} : { signal }),
    onProved: ({ seq, hash }: StoredEvent) => {
      head = { logId: info.id, seq, hash: hash ?? '' };
    },
  } as const;
  try {
    await writeEvents(store, info.head, reading, (stored) => {
      decodeEvent(stored, info.id);
      return '';
    });
    return { ...chosen, damage: null };
  } catch (error) {
    if (!isDamage(error) || head.seq === 0) throw error;
    const isForked = info.parent !== null && info.parent.atSeq <= head.seq;
    const whole = { ...info, head, parent: isForked ? info.parent : null };
    return { ...chosen, info: whole, damage: isStructuredError(error) ? error.whatFailed : String(error) };
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof DamagedHistoryError || error instanceof CorruptedEventPayloadError;
}

/** A file of events has no place for the rows of a session, and what it were imported as would lack them without a word. */
async function refuseDocuments(store: LogStore, { id }: LogInfo): Promise<void> {
  const kinds = [...sessionDocumentKinds];
  const found = await Promise.all(kinds.map((kind) => store.records(kind, `${id}/`)));
  const rows = found.flat().length;
  if (rows === 0) return;
  throw new InvalidRuntimeConfiguration({
    summary: `session '${id}' has ${rows} rows beside its events`,
    whatFailed: `The session '${id}' was to be written as a file of events, and has ${rows} rows (of itself, its runs, its artifacts) that such a file does not hold.`,
    why: 'What is imported from such a file would be a session without agent, state and runs.',
    howToFix: `Move it with its rows into a store of its own, which is one file: \`runlog migrate --from URL --to sqlite:///session.db --run-id ${shellWord(id)}\`. \`runlog export-trace URL --run-id ${shellWord(id)} --format events\` writes its events for other programs.`,
    context: { session_id: id, rows },
  });
}

async function writeLines(store: LogStore, info: LogInfo, options: ExportOptions): Promise<void> {
  const { head, parent } = info;
  const parentHash = parent === null ? null : await storedHashAt(store, head.logId, parent.atSeq);
  await options.write(`${versionLineText(info, head, parentHash, sha256)}\n`);
  await writeEvents(store, head, options, (stored) => {
    decodeEvent(stored, head.logId);
    return `${eventLineText(stored)}\n`;
  });
}

/** The events of a session have fields that those of a run do not have. */
function lineOf(stored: StoredEvent, logId: string): string {
  const line = storedJsonLine(stored, logId);
  const { runId, provider, correlationId, metadata } = stored;
  const own: readonly (readonly [string, string | null])[] = [
    ['run_id', runId === null ? null : JSON.stringify(runId)],
    ['provider', provider === null ? null : JSON.stringify(provider)],
    ['correlation_id', correlationId === null ? null : JSON.stringify(correlationId)],
    ['metadata', metadata === null ? null : metadata.replaceAll(/[\n\r\t]+/g, ' ')],
  ];
  const added = own.flatMap(([name, text]) => (text === null ? [] : [`,"${name}":${text}`]));
  return `${line.slice(0, -1)}${added.join('')}}`;
}

async function writeJson(store: LogStore, head: Head, options: ExportOptions): Promise<void> {
  await writeEvents(store, head, options, (stored) => `${lineOf(stored, head.logId)}\n`);
}

/** Two readings: what the header says is known only when all model calls have been seen. Both end at the same event. */
async function writeText(store: LogStore, head: Head, options: ExportOptions): Promise<void> {
  const { write, signal, paint } = options;
  const { logId: runId, seq } = head;
  const flags = new TraceFlags();
  for await (const page of store.read(runId, { before: seq + 1, types: ['llm.requested'] })) {
    checkSignal(signal);
    for (const stored of page) flags.add(decodeEvent(stored, runId));
    await nodePlatform.pause();
  }
  if (flags.line !== null) await write(`${flags.line}\n`);
  const lineOptions = { hidesNormalized: flags.hidesNormalized, ...(paint === undefined ? {} : { paint }) };
  const textOf = (stored: StoredEvent): string =>
    traceLines(decodeEvent(stored, runId), lineOptions)
      .map((text) => `${text}\n`)
      .join('');
  await writeEvents(store, head, options, textOf);
}

/** Writes page by page. Where the log is damaged, everything before the damage is written, and then the promise rejects. */
async function writeEvents(
  store: LogStore,
  head: Head,
  { write, signal, onProved }: ExportOptions & { readonly onProved?: (stored: StoredEvent) => void },
  textOf: (stored: StoredEvent) => string,
): Promise<void> {
  const { logId: runId, seq } = head;
  const bound = { before: seq + 1, hashes: true };
  const check = new ChainCheck(runId, sha256);
  let after = 0;
  const writePage = async (page: readonly StoredEvent[]): Promise<void> => {
    checkSignal(signal);
    let text = '';
    try {
      for (const stored of page) {
        const written = textOf(stored);
        check.next(stored);
        text += written;
        after = stored.seq;
        onProved?.(stored);
        if (text.length < pieceCharacters) continue;
        const piece = text;
        text = '';
        await write(piece);
      }
    } finally {
      if (text !== '') await write(text);
    }
    // Without a turn of the event loop no signal would ever be heard.
    await nodePlatform.pause();
  };
  try {
    for await (const page of store.read(runId, bound)) await writePage(page);
    check.end(head);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // A store may refuse a page for one event of it: one by one, those before it are found.
    let reached: number;
    do {
      reached = after;
      for await (const page of store.read(runId, { ...bound, after, limit: 1 })) await writePage(page);
    } while (after > reached);
    throw error;
  }
}

function checkSignal(signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}
