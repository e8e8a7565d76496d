/**
 * Decides how events that say something of the graph are kept while nobody looks at it: by their places, where a store can read them
 * again on the spot, and elsewhere as the texts they were read as. Opening a run parses none of them; whoever asks for the graph has
 * them projected first.
 */
import { eventIdAt, type JsonObject } from '../base/index.ts';
import { decodeEvent, type StoredEvent, storedTextOf } from '../log/index.ts';
import { graphEventTypes, project } from './project.ts';
import type { GraphState } from './state.ts';

/** Enough for a chunk to be worth its list, few enough for the texts to go as they are projected. */
const chunkLength = 4096;

interface Chunk {
  readonly seqs: number[];
  readonly types: number[];
  readonly texts: string[];
}

/** Places that are read again together. */
const blockLength = 1000;

/**
 * Reads the events of the graph between two places, which are both not among them. Throws `DamagedHistoryError` when there are not so
 * many as there were.
 */
export type ReadDeferred = (after: number, before: number, count: number) => readonly StoredEvent[];

/** Events of one log, in order, each once. */
export class DeferredEvents {
  readonly #logId: string;
  readonly #read: ReadDeferred | null;
  readonly #chunks: Chunk[] = [];
  /** What few events have: an id that is not the one of their place, and a version. */
  readonly #others = new Map<number, Pick<StoredEvent, 'id' | 'schemaVersion'>>();
  /** Those that are projected next. */
  #page: readonly StoredEvent[] = [];
  #next = 0;
  #size = 0;
  readonly #afterSeq: number;
  /** How many there are in each block of places, the first of which begins behind `#afterSeq`. */
  readonly #counts: number[] = [];
  /** The block that is read next. */
  #block = 0;
  #lastSeq = 0;

  /** With `read`, events behind `afterSeq` are only counted, and read again when they are needed. */
  constructor(logId: string, afterSeq = 0, read: ReadDeferred | null = null) {
    this.#logId = logId;
    this.#afterSeq = afterSeq;
    this.#read = read;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** False for an event that says nothing of the graph: it is not taken. */
  add(stored: StoredEvent): boolean {
    const type = graphEventTypes.indexOf(stored.type);
    if (type === -1) return false;
    this.#size += 1;
    if (this.#read === null) this.#keep(stored, type);
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
      const event = decodeEvent(stored, this.#logId);
      this.#advance();
      onEvent(event.type, event.payload);
      const isKept = keepsObjects && event.type === 'object.created';
      project(state, event.type, event.payload, isKept ? undefined : storedTextOf(stored, event));
    }
  }

  #keep({ seq, id, payload, schemaVersion }: StoredEvent, type: number): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.seqs.length === chunkLength) {
      chunk = { seqs: [], types: [], texts: [] };
      this.#chunks.push(chunk);
    }
    chunk.seqs.push(seq);
    chunk.types.push(type);
    chunk.texts.push(payload);
    if (schemaVersion !== null || id !== eventIdAt(seq)) this.#others.set(seq, { id, schemaVersion });
  }

  #count(seq: number): void {
    const block = Math.floor((seq - this.#afterSeq - 1) / blockLength);
    while (this.#counts.length <= block) this.#counts.push(0);
    this.#counts[block] = (this.#counts[block] ?? 0) + 1;
    this.#lastSeq = seq;
  }

  /** The event that is next; it stays so until `#advance`. */
  #peek(): StoredEvent | null {
    if (this.#size === 0) return null;
    if (this.#next === this.#page.length) {
      this.#page = this.#read === null ? this.#unpack(this.#chunks.shift()) : this.#readBlock(this.#read);
      this.#next = 0;
    }
    return this.#page[this.#next] ?? null;
  }

  /** Reads the next block in which there are events. When that fails, the same block is read next time. */
  #readBlock(read: ReadDeferred): readonly StoredEvent[] {
    while (this.#counts[this.#block] === 0) this.#block += 1;
    const after = this.#afterSeq + this.#block * blockLength;
    // What came later is not deferred: whoever wrote it projects it.
    const before = Math.min(after + blockLength, this.#lastSeq) + 1;
    const page = read(after, before, this.#counts[this.#block] ?? 0);
    this.#block += 1;
    return page;
  }

  #advance(): void {
    this.#next += 1;
    this.#size -= 1;
  }

  #unpack(chunk: Chunk | undefined): readonly StoredEvent[] {
    if (chunk === undefined) return [];
    return chunk.seqs.map((seq, index) => {
      const { id = eventIdAt(seq), schemaVersion = null } = this.#others.get(seq) ?? {};
      const type = graphEventTypes[chunk.types[index] ?? -1] ?? '';
      return { ...nothingElse, seq, id, type, schemaVersion, payload: chunk.texts[index] ?? '' };
    });
  }
}

/** What a graph is not made of. */
const nothingElse = {
  ...{ actor: null, causedBy: null, frameId: null, timestamp: '', subject: null },
  ...{ runId: null, provider: null, correlationId: null, metadata: null, hash: null },
};
