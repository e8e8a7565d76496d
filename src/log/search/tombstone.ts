/**
 * Decides what stands in the place of a payload that was dropped: a text that no JSON begins with, which keeps the payload's hash,
 * so that the chain verifies as before and the event sent again is still the same event.
 */
import type { Sha256 } from '../../base/index.ts';

/** Who dropped a payload, when (ISO 8601 in UTC) and why. */
export interface RedactionNote {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/**
 * What stays of a payload that was dropped: its hash, by which the chain still verifies, and who dropped it when
 * and why.
 */
export interface Tombstone {
  /** SHA-256 of the payload that was there. */
  readonly payloadHash: string;
  readonly note: RedactionNote;
}

const mark = 'tombstone ';

/** The text that is stored in the place of a dropped payload. */
export function tombstoneText({ payloadHash, note }: Tombstone): string {
  return mark + JSON.stringify([payloadHash, note.by, note.at, note.reason]);
}

/** `null` for a payload that is there. */
export function readTombstone(payload: string): Tombstone | null {
  // JSON that begins with a `t` is `true`, which is no payload: most texts are told apart by their first character.
  if (!payload.startsWith(mark)) return null;
  const parts = listOf(payload.slice(mark.length));
  const [payloadHash, by, at, reason] = parts;
  if (payloadHash === undefined || !/^[0-9a-f]{64}$/.test(payloadHash)) return null;
  if (by === undefined || at === undefined || reason === undefined) return null;
  return { payloadHash, note: { by, at, reason } };
}

/** The hash of a payload, also of one that is not there any more. */
export function payloadHashOf(payload: string, sha256: Sha256): string {
  return readTombstone(payload)?.payloadHash ?? sha256(payload);
}

function listOf(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : [];
  } catch {
    // Not a tombstone: whoever reads it as a payload says that it cannot be read.
    return [];
  }
}
