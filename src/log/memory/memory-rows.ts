/**
 * Decides what the memory store keeps of an event: its own copy, because the writer may change what it handed in, and of an event of
 * a run only the fields that it has. What is kept is what a run in memory costs: most of the time of a commit goes into it.
 */
import { seqOfEventId } from '../../base/index.ts';
import type { EventRow, StoredEvent } from '../event.ts';

type SessionField = 'runId' | 'provider' | 'correlationId' | 'metadata';

/** An event without session fields: they are there for a reader, and take no room. */
export class RunRow implements EventRow {
  readonly id: string;
  readonly type: string;
  readonly payload: string;
  readonly actor: string | null;
  readonly causedBy: string | null;
  readonly frameId: string | null;
  readonly timestamp: string;
  readonly subject: string | null;

  constructor(row: Omit<EventRow, 'schemaVersion' | SessionField>) {
    this.id = row.id;
    this.type = row.type;
    this.payload = row.payload;
    this.actor = row.actor;
    this.causedBy = row.causedBy;
    this.frameId = row.frameId;
    this.timestamp = row.timestamp;
    this.subject = row.subject;
  }

  get schemaVersion(): null {
    return null;
  }

  get runId(): null {
    return null;
  }

  get provider(): null {
    return null;
  }

  get correlationId(): null {
    return null;
  }

  get metadata(): null {
    return null;
  }
}

/** A copy to keep. */
export function keptRow(row: EventRow): EventRow {
  const { schemaVersion, runId, provider, correlationId, metadata } = row;
  const isPlain = (schemaVersion ?? runId ?? provider ?? correlationId ?? metadata) === null;
  return isPlain ? new RunRow(row) : withPayload(row, row.payload);
}

/** A copy with another payload. Field by field here and below: a kept row has some of them from its class. */
export function withPayload(row: EventRow, payload: string): EventRow {
  return {
    id: row.id,
    type: row.type,
    payload,
    actor: row.actor,
    causedBy: row.causedBy,
    frameId: row.frameId,
    timestamp: row.timestamp,
    subject: row.subject,
    runId: row.runId,
    provider: row.provider,
    correlationId: row.correlationId,
    schemaVersion: row.schemaVersion,
    metadata: row.metadata,
  };
}

/** What is handed out of a kept row. */
export function storedRow(row: EventRow, seq: number, hash: string | null): StoredEvent {
  return {
    seq,
    id: row.id,
    type: row.type,
    payload: row.payload,
    actor: row.actor,
    causedBy: row.causedBy,
    frameId: row.frameId,
    timestamp: row.timestamp,
    subject: row.subject,
    runId: row.runId,
    provider: row.provider,
    correlationId: row.correlationId,
    schemaVersion: row.schemaVersion,
    metadata: row.metadata,
    hash,
  };
}

/** Where the ids of a log's own rows stand. An id that names its place needs no entry: a run of a million events has none. */
export class RowIds {
  readonly #places = new Map<string, number>();

  /** The ids of rows that stand from place 1 on. */
  static of(rows: Iterable<EventRow>): RowIds {
    const ids = new RowIds();
    let seq = 0;
    for (const { id } of rows) ids.add(id, (seq += 1));
    return ids;
  }

  /** True when the id names another place than the one at which it stands. */
  add(id: string, seq: number): boolean {
    const named = seqOfEventId(id);
    if (named !== seq) this.#places.set(id, seq);
    return named !== null && named !== seq;
  }

  /** Where an id stands if it is there at all: whoever asks looks at the row of that place. */
  placeOf(id: string): number | null {
    return this.#places.get(id) ?? seqOfEventId(id);
  }

  copy(): RowIds {
    const ids = new RowIds();
    for (const [id, seq] of this.#places) ids.#places.set(id, seq);
    return ids;
  }
}
