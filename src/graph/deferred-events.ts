/**
 * Decides how events that say something of the graph are kept while nobody looks at it: as the texts they were read as. Opening a run
 * parses none of them; whoever asks for the graph has them projected first.
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

/** Events of one log, in order, each once. */
export class DeferredEvents {
  readonly #logId: string;
  readonly #chunks: Chunk[] = [];
  #next = 0;
  #size = 0;
  /** What few events have: an id that is not the one of their place, and a version. */
  readonly #others = new Map<number, Pick<StoredEvent, 'id' | 'schemaVersion'>>();

  constructor(logId: string) {
    this.#logId = logId;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** False for an event that says nothing of the graph: it is not taken. */
  add(stored: StoredEvent): boolean {
    const type = graphEventTypes.indexOf(stored.type);
    if (type === -1) return false;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.seqs.length === chunkLength) {
      chunk = { seqs: [], types: [], texts: [] };
      this.#chunks.push(chunk);
    }
    chunk.seqs.push(stored.seq);
    chunk.types.push(type);
    chunk.texts.push(stored.payload);
    if (stored.schemaVersion !== null || stored.id !== eventIdAt(stored.seq))
      this.#others.set(stored.seq, { id: stored.id, schemaVersion: stored.schemaVersion });
    this.#size += 1;
    return true;
  }

  /**
   * Projects up to so many events, and tells of each. What they make is kept as text for as long as nobody looks at it; with
   * `keepsObjects` objects are not, because they are about to be looked at. Throws `CorruptedEventPayloadError`; the events before the one it names are projected.
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

  /** The event that is next; it stays so until `#advance`. */
  #peek(): StoredEvent | null {
    const chunk = this.#chunks[0];
    const seq = chunk?.seqs[this.#next];
    const type = chunk === undefined ? undefined : graphEventTypes[chunk.types[this.#next] ?? -1];
    if (chunk === undefined || seq === undefined || type === undefined) return null;
    const { id = eventIdAt(seq), schemaVersion = null } = this.#others.get(seq) ?? {};
    return { ...nothingElse, seq, id, type, schemaVersion, payload: chunk.texts[this.#next] ?? '' };
  }

  #advance(): void {
    this.#next += 1;
    this.#size -= 1;
    if (this.#next < (this.#chunks[0]?.seqs.length ?? 0)) return;
    this.#chunks.shift();
    this.#next = 0;
  }
}

/** What a graph is not made of. */
const nothingElse = {
  ...{ actor: null, causedBy: null, frameId: null, timestamp: '', subject: null },
  ...{ runId: null, provider: null, correlationId: null, metadata: null, hash: null },
};
