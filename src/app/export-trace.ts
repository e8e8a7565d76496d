/** Decides how the trace of a run leaves its store: page by page, so that a run of any length is exported in bounded memory. */
import type { CancelSignal } from '../base/index.ts';
import { decodeEvent, type LogStore } from '../log/index.ts';
import { storedJsonLine, TraceFlags, traceLines, type Paint } from '../view/index.ts';
import { chooseRun, type ChosenRun } from './choose-run.ts';
import { withStore } from './with-store.ts';

/** `text`: the lines that a person reads. `jsonl`: one event a line, nothing left out. */
export type TraceFormat = 'text' | 'jsonl';

export interface ExportOptions {
  readonly runId?: string;
  readonly format: TraceFormat;
  /** Takes the next piece of text; the next page is read when its promise resolves. */
  readonly write: (text: string) => Promise<void>;
  /** Ends the export between two pages; the promise rejects with the signal's reason. */
  readonly signal?: CancelSignal;
  readonly paint?: Paint;
}

/** Exports the trace of a run. Resolves to the run that was taken, when all of it has been written. */
export async function exportTrace(url: string, options: ExportOptions): Promise<ChosenRun> {
  return withStore(url, 'read', async (store) => {
    const chosen = await chooseRun(store, options.runId);
    if (options.format === 'jsonl') await writeJson(store, chosen.info.id, options);
    else await writeText(store, chosen.info.id, options);
    return chosen;
  });
}

async function writeJson(store: LogStore, runId: string, { write, signal }: ExportOptions): Promise<void> {
  for await (const page of store.read(runId)) {
    checkSignal(signal);
    await write(page.map((stored) => `${storedJsonLine(stored, runId)}\n`).join(''));
  }
}

/** Two readings: what the header says is known only when all model calls have been seen. Both end at the same event. */
async function writeText(store: LogStore, runId: string, options: ExportOptions): Promise<void> {
  const { write, signal, paint } = options;
  const { seq } = await store.head(runId);
  const flags = new TraceFlags();
  for await (const page of store.read(runId, { before: seq + 1, types: ['llm.requested'] })) {
    checkSignal(signal);
    for (const stored of page) flags.add(decodeEvent(stored, runId));
  }
  if (flags.line !== null) await write(`${flags.line}\n`);
  const lineOptions = { hidesNormalized: flags.hidesNormalized, ...(paint === undefined ? {} : { paint }) };
  for await (const page of store.read(runId, { before: seq + 1 })) {
    checkSignal(signal);
    const lines = page.flatMap((stored) => traceLines(decodeEvent(stored, runId), lineOptions));
    await write(lines.map((text) => `${text}\n`).join(''));
  }
}

function checkSignal(signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}
