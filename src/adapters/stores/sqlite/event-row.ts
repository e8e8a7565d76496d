/**
 * Decides how a row of the table `events` becomes an event: each cell is looked at, and what cannot be read is named by log
 * and place instead of being passed on.
 */
import { eventIdAt } from '../../../base/index.ts';
import {
  corruptedPayload,
  damagedHistory,
  type LogKind,
  type StoredEvent,
  textOf,
  textOrNull,
  UnreadableCell,
} from '../../../log/index.ts';
import { hashTextOf, numberOf, numberOrNull } from './cells.ts';
import type { SqliteRow } from './driver.ts';

const saidColumns = 'seq, id, type, payload, actor, schema_version';
const originColumns = 'caused_by, frame_id, timestamp, subject';
/** As text: a driver takes three times as long to hand out bytes. What is no hash has another length, and is refused. */
const hashColumn = 'lower(hex(hash))';
const sessionColumns = 'run_id, provider, correlation_id, metadata';

const placedColumns = 'seq, id, type, schema_version, frame_id';

/**
 * What is told of an event that nobody looks into. A payload that was cut off is told all the same: whoever decodes it says so. As a
 * blob, because the end of a text is found by reading all of it.
 */
export const outlineColumns = `${placedColumns},
  CASE WHEN substr(CAST(payload AS BLOB), -1) = x'7d' THEN '' ELSE payload END`;

/** An outline with every payload. */
export const outlineAndPayload = `${placedColumns}, payload`;

/** The events of a run have no session columns: not asking for them makes reading a quarter faster. */
export interface EventShape {
  readonly kind: LogKind;
  readonly hashes: boolean;
  /** What an event says, without where it comes from: reading that makes up a quarter of the time. For runs only. */
  readonly isBare?: boolean;
}

export function eventColumns({ kind, hashes, isBare = false }: EventShape): string {
  const origin = isBare ? '' : `, ${originColumns}`;
  return `${saidColumns}${origin}${kind === 'session' ? `, ${sessionColumns}` : ''}${hashes ? `, ${hashColumn}` : ''}`;
}

/** Reads a row that has the columns of `eventColumns`. */
export function decodeEventRow(logId: string, shape: EventShape, row: SqliteRow): StoredEvent {
  try {
    return shape.kind === 'run' ? decodeRunEvent(shape, row) : decodeSessionEvent(shape, row);
  } catch (cause) {
    throw cause instanceof UnreadableCell ? unreadableRow(logId, row, cause) : cause;
  }
}

/** Reads a row that has the columns of `outlineColumns` or of `outlineAndPayload`. */
export function decodeOutlineRow(logId: string, row: SqliteRow): StoredEvent {
  try {
    const seq = numberOf(row[0]);
    // Written out like `decodeRunEvent`: a million of them are made of a long run.
    return {
      seq,
      id: row[1] === null ? eventIdAt(seq) : textOf(row[1]),
      type: textOf(row[2]),
      payload: textOf(row[5]),
      actor: null,
      causedBy: null,
      frameId: textOrNull(row[4]),
      timestamp: '',
      subject: null,
      runId: null,
      provider: null,
      correlationId: null,
      schemaVersion: numberOrNull(row[3]),
      metadata: null,
      hash: null,
    };
  } catch (cause) {
    const [seq, id, type, , , payload] = row;
    throw cause instanceof UnreadableCell
      ? unreadableRow(
          logId,
          [seq, id, type, payload].map((cell) => cell ?? null),
          cause,
        )
      : cause;
  }
}

function decodeRunEvent({ hashes, isBare = false }: EventShape, row: SqliteRow): StoredEvent {
  const seq = numberOf(row[0]);
  return {
    seq,
    id: row[1] === null ? eventIdAt(seq) : textOf(row[1]),
    type: textOf(row[2]),
    payload: textOf(row[3]),
    actor: textOrNull(row[4]),
    causedBy: isBare ? null : textOrNull(row[6]),
    frameId: isBare ? null : textOrNull(row[7]),
    timestamp: isBare ? '' : textOf(row[8]),
    subject: isBare ? null : textOrNull(row[9]),
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: numberOrNull(row[5]),
    metadata: null,
    hash: hashes ? hashTextOf(row[isBare ? 6 : 10]) : null,
  };
}

function decodeSessionEvent(shape: EventShape, row: SqliteRow): StoredEvent {
  const event = decodeRunEvent({ kind: shape.kind, hashes: false }, row);
  return {
    ...event,
    runId: textOrNull(row[10]),
    provider: textOrNull(row[11]),
    correlationId: textOrNull(row[12]),
    metadata: textOrNull(row[13]),
    hash: shape.hashes ? hashTextOf(row[14]) : null,
  };
}

function unreadableRow(logId: string, row: SqliteRow, cause: UnreadableCell): Error {
  const [seq, id, , payload] = row;
  const place = typeof seq === 'number' ? seq : 0;
  if (typeof payload === 'string') {
    return damagedHistory({ logId, seq: place, what: `An event cannot be read (${cause.message})` });
  }
  const eventId = typeof id === 'string' ? id : eventIdAt(place);
  const text = payload instanceof Uint8Array ? Buffer.from(payload).toString('latin1') : '';
  return corruptedPayload({ logId, eventId, text, cause });
}
