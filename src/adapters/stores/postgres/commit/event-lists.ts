/**
 * Decides how events travel to the server: one list a column, so that a batch of any size is one statement with the same few
 * values. A column of nothing but NULL travels as NULL.
 */
import { isEventIdAt, type Sha256 } from '../../../../base/index.ts';
import { chainHash, type EventRow } from '../../../../log/index.ts';
import type { Cell } from '../connection.ts';

/** The types of the lists, in the order of `eventLists`, as the functions of the schema take them. */
export const listTypes = [...Array.from({ length: 11 }, () => 'text[]'), 'bigint[]', 'text[]'] as const;

/** `ids` are those that are not the canonical ones of their places. */
export function eventLists(
  rows: readonly EventRow[],
  ids: readonly (string | null)[] | null,
): readonly Cell[] {
  return [
    ids,
    rows.map(({ type }) => type),
    rows.map(({ payload }) => payload),
    listOf(rows, 'actor'),
    listOf(rows, 'causedBy'),
    listOf(rows, 'frameId'),
    rows.map(({ timestamp }) => timestamp),
    listOf(rows, 'subject'),
    listOf(rows, 'runId'),
    listOf(rows, 'provider'),
    listOf(rows, 'correlationId'),
    listOf(rows, 'schemaVersion'),
    listOf(rows, 'metadata'),
  ];
}

function listOf(rows: readonly EventRow[], field: keyof EventRow): readonly Cell[] | null {
  return rows.some((row) => row[field] !== null) ? rows.map((row) => row[field]) : null;
}

/** The ids as they are stored: NULL for the one that belongs to the place; all of them NULL is no list at all. */
export function storedIds(rows: readonly EventRow[], after: number): readonly (string | null)[] | null {
  const ids = rows.map(({ id }, index) => (isEventIdAt(id, after + index + 1) ? null : id));
  return ids.every((id) => id === null) ? null : ids;
}

/** The chain hash after each row, 32 bytes each, side by side. */
export function chainBytes(previous: string, rows: readonly EventRow[], sha256: Sha256): Buffer {
  const bytes = Buffer.allocUnsafe(rows.length * 32);
  let hash = previous;
  rows.forEach((row, index) => {
    hash = chainHash(hash, row, sha256);
    bytes.write(hash, index * 32, 'hex');
  });
  return bytes;
}

/** `$first, $first+1, …` with their types. */
export function parameters(first: number, types: readonly string[]): string {
  return types.map((type, index) => `$${first + index}::${type}`).join(', ');
}
