/**
 * Decides how a row of the table `events` becomes an event: each cell is looked at, and what cannot be read is named by log
 * and place instead of being passed on.
 */
import { eventIdAt } from '../../../base/index.ts';
import {
  damagedHistory,
  type LogKind,
  type StoredEvent,
  textOf,
  textOrNull,
  UnreadableCell,
} from '../../../log/index.ts';
import { hashOf, numberOf, numberOrNull } from './cells.ts';
import type { PostgresRow } from './driver.ts';

const saidColumns = 'e.seq, e.id, e.type, e.payload, e.actor, e.schema_version';
const originColumns = 'e.caused_by, e.frame_id, e.timestamp, e.subject';
const sessionColumns = 'e.run_id, e.provider, e.correlation_id, e.metadata';

/** The events of a run have no session columns: what is not asked for does not travel. */
export interface EventShape {
  readonly kind: LogKind;
  readonly hashes: boolean;
  /** What an event says, without where it comes from: reading that makes up a quarter of the time. For runs only. */
  readonly isBare?: boolean;
}

/** Of a table or a sub-query that is called `e`. */
export function eventColumns({ kind, hashes, isBare = false }: EventShape): string {
  const origin = isBare ? '' : `, ${originColumns}`;
  const hash = hashes ? `, encode(e.hash, 'hex')` : '';
  return `${saidColumns}${origin}${kind === 'session' ? `, ${sessionColumns}` : ''}${hash}`;
}

/** Reads a row that begins with the columns of `eventColumns`. */
export function decodeEventRow(logId: string, shape: EventShape, row: PostgresRow): StoredEvent {
  try {
    return decodeEvent(shape, row);
  } catch (cause) {
    if (!(cause instanceof UnreadableCell)) throw cause;
    const seq = Number(row[0]);
    throw damagedHistory({
      logId,
      seq: Number.isSafeInteger(seq) ? seq : 0,
      what: `An event cannot be read (${cause.message})`,
    });
  }
}

function decodeEvent({ kind, hashes, isBare = false }: EventShape, row: PostgresRow): StoredEvent {
  const seq = numberOf(row[0]);
  const isSession = kind === 'session';
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
    runId: isSession ? textOrNull(row[10]) : null,
    provider: isSession ? textOrNull(row[11]) : null,
    correlationId: isSession ? textOrNull(row[12]) : null,
    schemaVersion: numberOrNull(row[5]),
    metadata: isSession ? textOrNull(row[13]) : null,
    hash: hashes ? hashOf(row[hashAt({ isBare, isSession })]) : null,
  };
}

function hashAt({ isBare, isSession }: { readonly isBare: boolean; readonly isSession: boolean }): number {
  if (isBare) return 6;
  return isSession ? 14 : 10;
}
