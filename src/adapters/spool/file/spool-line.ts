/**
 * Decides how a batch of events stands in the file: a line of its own, with a checksum in front, so that a line that was cut off
 * by a crash can be told from one that was damaged later.
 */
import { hash } from 'node:crypto';
import { type SessionEvent, sessionEventFromJson, sessionEventToJson } from '../../../sessions/index.ts';

const checksumCharacters = 16;

export function writeSpoolLine(events: readonly SessionEvent[]): Buffer {
  const text = JSON.stringify(events.map(sessionEventToJson));
  return Buffer.from(`${checksumOf(text)} ${text}\n`, 'utf8');
}

/** True for a whole line, its line end not included, as it was written. */
export function isWholeLine(line: Buffer): boolean {
  const text = line.toString('utf8', checksumCharacters + 1);
  return (
    line[checksumCharacters] === 0x20 && line.toString('latin1', 0, checksumCharacters) === checksumOf(text)
  );
}

/** `null` for a line that is not as it was written. */
export function readSpoolLine(line: Buffer): readonly SessionEvent[] | null {
  if (!isWholeLine(line)) return null;
  const events: unknown = JSON.parse(line.toString('utf8', checksumCharacters + 1));
  return Array.isArray(events) ? events.map(sessionEventFromJson) : null;
}

function checksumOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, checksumCharacters);
}
