/**
 * Decides how events wait in a file: appended and synced before anybody is told that they are kept, read from the front, and the
 * file is emptied when all of it was delivered. A crash in between makes what was delivered come again, and nothing else.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeFolder } from '../../../host/index.ts';
import { checkArguments, isStructuredError } from '../../../base/index.ts';
import {
  type EventSpool,
  type SessionEvent,
  sessionEventToJson,
  type SpoolPage,
} from '../../../sessions/index.ts';
import { linesOf, wholeBytes } from './recover-spool.ts';
import { spoolAccessFailed, spoolDamaged } from './spool-errors.ts';
import { readSpoolLine, writeSpoolLine } from './spool-line.ts';
import { lockSpool } from './spool-lock.ts';

/** A spool in a file. Close it after use. */
export interface FileSpool extends EventSpool {
  readonly path: string;
  /** What the store refused for good is kept in this file, one JSON line each. */
  readonly refusedPath: string;
  /** Waits for what is under way and gives the file free. What is in it stays. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens the spool of a path, and makes its folder and file where they are missing. Rejects with `SessionStoreError` while another
 * process has it open, with `StorageReadError` when it is damaged, and with `StorageWriteError`.
 */
export async function openFileSpool(path: string): Promise<FileSpool> {
  checkArguments('openFileSpool', { path: [path, 'text'] });
  const full = resolve(path);
  return guarded('open', full, async () => {
    const folder = dirname(full);
    makeFolder(folder);
    const unlock = await lockSpool(full);
    try {
      const file = await open(full, 'a+');
      try {
        if (!(await file.stat()).isFile()) throw new Error('it is no file');
        const bytes = await wholeBytes(file, full);
        if ((await file.stat()).size > bytes) {
          await file.truncate(bytes);
          await file.datasync();
        }
        await syncFolder(folder);
        return new SpoolFile({ path: full, file, bytes, unlock });
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await unlock();
      throw error;
    }
  });
}

interface OpenFile {
  readonly path: string;
  readonly file: FileHandle;
  readonly bytes: number;
  readonly unlock: () => Promise<void>;
}

class SpoolFile implements FileSpool {
  readonly path: string;
  readonly refusedPath: string;
  readonly #file: FileHandle;
  readonly #unlock: () => Promise<void>;
  /** Bytes of whole lines. */
  #bytes: number;
  /** Bytes of lines that were delivered. */
  #delivered = 0;
  /** A write failed half-way: what it left is cut off before the next one. */
  #isTorn = false;
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ path, file, bytes, unlock }: OpenFile) {
    this.path = path;
    this.refusedPath = `${path}.refused`;
    this.#file = file;
    this.#bytes = bytes;
    this.#unlock = unlock;
  }

  get isEmpty(): boolean {
    return this.#delivered === this.#bytes;
  }

  async append(events: readonly SessionEvent[]): Promise<void> {
    if (events.length === 0) return;
    return this.#inTurn('write', async () => {
      const line = writeSpoolLine(events);
      if (this.#isTorn) await this.#file.truncate(this.#bytes);
      this.#isTorn = true;
      await this.#file.appendFile(line);
      await this.#file.datasync();
      this.#isTorn = false;
      this.#bytes += line.length;
    });
  }

  async read(limit: number): Promise<SpoolPage | null> {
    return this.#inTurn('read', async () => {
      const events: SessionEvent[] = [];
      let end = this.#delivered;
      if (this.isEmpty) return null;
      for await (const { line, start } of linesOf(this.#file, this.#delivered)) {
        const batch = readSpoolLine(line);
        if (batch === null) throw spoolDamaged({ path: this.path, atByte: start });
        for (const event of batch) events.push(event);
        end = start + line.length + 1;
        if (events.length >= limit || end >= this.#bytes) break;
      }
      return { events, end };
    });
  }

  async removeTo(end: number): Promise<void> {
    return this.#inTurn('write', async () => {
      this.#delivered = Math.max(this.#delivered, end);
      if (!this.isEmpty) return;
      await this.#file.truncate(0);
      await this.#file.datasync();
      this.#bytes = 0;
      this.#delivered = 0;
    });
  }

  async setAside(event: SessionEvent, reason: string): Promise<void> {
    return this.#inTurn('write', async () => {
      const file = await open(this.refusedPath, 'a');
      try {
        await file.appendFile(`${JSON.stringify({ reason, event: sessionEventToJson(event) })}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    await guarded('write', this.path, async () => {
      await this.#file.close();
      await this.#unlock();
    });
  }

  /** One after the other: what is read is what was appended before. */
  async #inTurn<Value>(operation: 'read' | 'write', work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(async () => guarded(operation, this.path, work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

async function guarded<Value>(
  operation: 'open' | 'read' | 'write',
  path: string,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (isStructuredError(cause)) throw cause;
    throw spoolAccessFailed({ operation, path, cause });
  }
}

/** A new file is there after a loss of power only when its folder was synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
