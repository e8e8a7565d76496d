/**
 * Decides how events that say something of the graph are kept while nobody looks at it: as the texts they were read as, while these are
 * few, and by their places, where a store can read them again on the spot. Opening a run parses none of them; whoever asks for the
 * graph has them projected first.
 */
import { isEventIdAt, type JsonObject } from '../base/index.ts';
import { damagedHistory, decodePayload, type StoredEvent, type StoredPayload } from '../log/index.ts';
import { graphEventTypes, project } from './project.ts';
import type { GraphState } from './state.ts';

/** Enough for a chunk to be worth its list, few enough for the texts to go as they are projected. */
const chunkLength = 4096;

/** What a graph is made of. */
interface Waiting extends StoredPayload {
  readonly type: string;
}

/** Texts of one after the other. */
interface Chunk {
  readonly seqs: number[];
  readonly types: number[];
  readonly texts: string[];
}

/** Places that are read again together are not further apart. */
const blockLength = 1000;

/** Characters of texts that are kept where they could be read again: reading them twice costs more than keeping so many. */
const keptAtMost = 4 * 1024 * 1024;

/** Events between two places, both among them, that are read again. */
interface Block {
  readonly firstSeq: number;
  lastSeq: number;
  count: number;
}

/**
 * Reads the events of the graph between two places, which are both not among them. `count` is how many there were: a store that finds
 * others may say what is missing; otherwise `DeferredEvents` refuses them.
 */
export type ReadDeferred = (after: number, before: number, count: number) => readonly StoredEvent[];

/** Events of one log, in order, each once. */
export class DeferredEvents {
  readonly #logId: string;
  readonly #read: ReadDeferred | null;
  readonly #keptAtMost: number;
  /** In the order of the log. */
  readonly #parts: (Chunk | Block)[] = [];
  #next = 0;
  #kept = 0;
  /** Ids that are not those of their places. */
  readonly #strayIds = new Map<number, string>();
  /** Those that are projected next. */
  #page: readonly Waiting[] = [];
  #inPage = 0;
  #size = 0;

  /** With `read`, events whose texts are too many, or were not read, are only counted, and read again when they are needed. */
  constructor(logId: string, read: ReadDeferred | null = null, keptCharacters: number = keptAtMost) {
    this.#logId = logId;
    this.#read = read;
    this.#keptAtMost = keptCharacters;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** False for an event that says nothing of the graph: it is not taken. An empty payload says that it was not read. */
  add(stored: StoredEvent): boolean {
    const type = graphEventTypes.indexOf(stored.type);
    if (type === -1) return false;
    this.#size += 1;
    const { length } = stored.payload;
    if (this.#read === null || (length > 0 && this.#kept + length <= this.#keptAtMost))
      this.#keep(stored, type);
    else this.#count(stored.seq);
    return true;
  }

  /**
   * Projects up to so many events, and tells of each. What they make is kept as text for as long as nobody looks at it; with
   * `keepsObjects` objects are not, because they are about to be looked at. Throws `CorruptedEventPayloadError` and
   * `DamagedHistoryError`; the events before the one that is named are projected.
   */
  projectInto(
    state: GraphState,
    limit: number,
    keepsObjects: boolean,
    onEvent: (type: string, payload: JsonObject) => void,
  ): void {
    for (let done = 0; done < limit; done += 1) {
      const stored = this.#peek();
      if (stored === null) return;
      const payload = decodePayload(stored, this.#logId);
      this.#advance();
      const { type } = stored;
      onEvent(type, payload ?? {});
      // What was dropped has no text, and an object that is about to be looked at needs none.
      const keepsText = payload !== null && !(keepsObjects && type === 'object.created');
      project(state, type, payload ?? {}, keepsText ? stored.payload : undefined);
    }
  }

  #keep({ seq, id, payload }: StoredEvent, type: number): void {
    this.#kept += payload.length;
    let chunk = this.#lastPart;
    if (chunk === undefined || 'count' in chunk || chunk.seqs.length === chunkLength) {
      chunk = { seqs: [], types: [], texts: [] };
      this.#parts.push(chunk);
    }
    chunk.seqs.push(seq);
    chunk.types.push(type);
    chunk.texts.push(payload);
    if (!isEventIdAt(id, seq)) this.#strayIds.set(seq, id);
  }

  #count(seq: number): void {
    const last = this.#lastPart;
    if (last === undefined || !('count' in last) || seq - last.firstSeq >= blockLength) {
      this.#parts.push({ firstSeq: seq, lastSeq: seq, count: 1 });
    } else {
      last.lastSeq = seq;
      last.count += 1;
    }
  }

  /** Where what comes next may go; `undefined` when all parts are under way or done. */
  get #lastPart(): Chunk | Block | undefined {
    return this.#next < this.#parts.length ? this.#parts.at(-1) : undefined;
  }

  /** The event that is next; it stays so until `#advance`. */
  #peek(): Waiting | null {
    if (this.#size === 0) return null;
    const part = this.#parts[this.#next];
    if (this.#inPage === this.#page.length && part !== undefined) {
      // When that fails, the same part is read next time.
      this.#page = 'count' in part ? this.#readAgain(part) : this.#unpack(part);
      this.#parts[this.#next] = nothing;
      this.#next += 1;
      this.#inPage = 0;
    }
    return this.#page[this.#inPage] ?? null;
  }

  #readAgain({ firstSeq, lastSeq, count }: Block): readonly Waiting[] {
    const found = this.#read?.(firstSeq - 1, lastSeq + 1, count) ?? [];
    if (found.length === count) return found;
    const what = `The stretch up to place ${lastSeq} holds ${found.length} events of the graph, held ${count} when the run was opened, and begins`;
    throw damagedHistory({ logId: this.#logId, seq: firstSeq, what });
  }

  #advance(): void {
    this.#inPage += 1;
    this.#size -= 1;
  }

  #unpack(chunk: Chunk): readonly Waiting[] {
    return chunk.seqs.map((seq, index) => {
      const type = graphEventTypes[chunk.types[index] ?? -1] ?? '';
      const payload = chunk.texts[index] ?? '';
      const id = this.#strayIds.get(seq);
      return id === undefined ? { seq, type, payload } : { seq, id, type, payload };
    });
  }
}

/** Stands where a part was, so that its texts can go. */
const nothing: Chunk = { seqs: [], types: [], texts: [] };
