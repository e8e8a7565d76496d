/**
 * Decides what "the same event" means: one line of text per event, and the chain of hashes over those lines. Equal head
 * hashes mean the same events in the same order, in any store and under any log id.
 */
import type { Sha256 } from '../base/index.ts';
import type { EventRow } from './event.ts';

/** Number of the line format. A later format is a new number, never a new meaning of this one. */
const formatNumber = 1;

/** The chain hash before the first event. */
export const genesisHash = '0'.repeat(64);

/** The line of an event. Not covered, on purpose: seq, log id, position, store, subject. */
export function hashLine(row: EventRow, sha256: Sha256): string {
  return JSON.stringify([
    formatNumber,
    row.id,
    row.type,
    row.actor,
    row.causedBy,
    row.frameId,
    row.timestamp,
    row.runId,
    row.provider,
    row.correlationId,
    row.schemaVersion,
    row.metadata === null ? null : sha256(row.metadata),
    sha256(row.payload),
  ]);
}

/** `hash(n) = H(hex of hash(n-1) + line)`. */
export function chainHash(previous: string, row: EventRow, sha256: Sha256): string {
  return sha256(previous + hashLine(row, sha256));
}

/** Law 5: same id and same line is the same event. */
export function sameLine(left: EventRow, right: EventRow, sha256: Sha256): boolean {
  return hashLine(left, sha256) === hashLine(right, sha256);
}
