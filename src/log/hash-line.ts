/**
 * Decides what "the same event" means: one line of text per event, and the chain of hashes over those lines. Equal head
 * hashes mean the same events in the same order, in any store and under any log id.
 */
import type { Sha256 } from '../base/index.ts';
import type { EventRow } from './event.ts';
import { payloadHashOf } from './search/tombstone.ts';

/** Number of the line format. A later format is a new number, never a new meaning of this one. */
const formatNumber = 1;

/** The chain hash before the first event. */
export const genesisHash = '0'.repeat(64);

/**
 * The line of an event. Not covered, on purpose: seq, log id, position, store, subject. Written in two pieces because most
 * events have none of the session fields, and this runs for every event that is stored.
 */
export function hashLine(row: EventRow, sha256: Sha256): string {
  const { id, type, actor, causedBy, frameId, timestamp, payload } = row;
  const own = JSON.stringify([formatNumber, id, type, actor, causedBy, frameId, timestamp]);
  return `${own.slice(0, -1)},${sessionPart(row, sha256)},"${payloadHashOf(payload, sha256)}"]`;
}

const noSession = 'null,null,null,null,null';

function sessionPart(row: EventRow, sha256: Sha256): string {
  const { runId, provider, correlationId, schemaVersion, metadata } = row;
  if ((runId ?? provider ?? correlationId ?? schemaVersion ?? metadata) === null) return noSession;
  const metadataHash = metadata === null ? null : sha256(metadata);
  return JSON.stringify([runId, provider, correlationId, schemaVersion, metadataHash]).slice(1, -1);
}

/** `hash(n) = H(hex of hash(n-1) + line)`. */
export function chainHash(previous: string, row: EventRow, sha256: Sha256): string {
  return sha256(previous + hashLine(row, sha256));
}

/** Law 5: same id and same line is the same event. */
export function sameLine(left: EventRow, right: EventRow, sha256: Sha256): boolean {
  return hashLine(left, sha256) === hashLine(right, sha256);
}
