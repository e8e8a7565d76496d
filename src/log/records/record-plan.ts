/** Decides whether a document beside the logs may be written, and in which order documents are listed. */
import { concurrentWriter } from '../errors.ts';
import type { RecordFields, RecordWrite, StoredRecord } from './record.ts';

/** A write that is due: the document as it will be, or its removal. */
export interface RecordPlan {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly value: string | null;
  /** `null` leaves those that the document has. */
  readonly fields: RecordFields | null;
}

/**
 * Says which writes are due, each seeing the ones before it; a write that was done before is left out. Throws
 * `ConcurrentWriterError` for the first that expects another version.
 */
export function planRecords(
  writes: readonly RecordWrite[],
  storedOf: (kind: string, id: string) => StoredRecord | undefined,
): readonly RecordPlan[] {
  const planned = new Map<string, RecordPlan>();
  const plans: RecordPlan[] = [];
  for (const write of writes) {
    const key = recordKey(write.kind, write.id);
    const present = planned.get(key) ?? storedOf(write.kind, write.id);
    const plan = planRecord(write, present ?? null);
    if (plan === null) continue;
    planned.set(key, plan);
    plans.push(plan);
  }
  return plans;
}

/** One text for a kind and an id; neither can hold the separator. */
export function recordKey(kind: string, id: string): string {
  return `${kind}\u0000${id}`;
}

function planRecord(
  write: RecordWrite,
  present: Pick<RecordPlan, 'version' | 'value'> | null,
): RecordPlan | null {
  const { kind, id, expectedVersion, value, fields = null } = write;
  const presentValue = present?.value ?? null;
  const version = presentValue === null ? 0 : (present?.version ?? 0);
  if (expectedVersion === 'any' || expectedVersion === version) {
    return { kind, id, version: version + 1, value, fields };
  }
  const isDone = presentValue === value && (value === null || version === expectedVersion + 1);
  if (isDone) return null;
  throw concurrentWriter({ what: kind, id, expected: expectedVersion, actual: version });
}

/** Refuses what may be done only while a document is not there. */
export function refuseThere(
  { kind, id }: Pick<StoredRecord, 'kind' | 'id'>,
  stored: Pick<StoredRecord, 'version'> | undefined,
): void {
  if (stored !== undefined) throw concurrentWriter({ what: kind, id, expected: 0, actual: stored.version });
}

/**
 * Order of ids in every list: by code point, which is also the order of their UTF-8 bytes in a database. The operators of
 * JavaScript compare UTF-16 units, where U+1F600 stands before U+FFFD.
 */
export function compareIds(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const here = left.charCodeAt(index);
    const there = right.charCodeAt(index);
    if (here !== there) return rank(here) - rank(there);
  }
  return left.length - right.length;
}

/** Lifts surrogates above everything else of the basic plane. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
