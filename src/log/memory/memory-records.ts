/** Decides how the memory store keeps documents beside the logs. */
import type { RecordPage, RecordQuery, StoredRecord } from '../records/record.ts';
import { fieldPairs, selectRecords } from '../records/record-fields.ts';
import { compareIds, recordKey, type RecordPlan } from '../records/record-plan.ts';

export class MemoryRecords {
  readonly #records = new Map<string, StoredRecord>();

  get(kind: string, id: string): StoredRecord | undefined {
    return this.#records.get(recordKey(kind, id));
  }

  bare(kind: string, id: string): StoredRecord | undefined {
    const found = this.get(kind, id);
    return found === undefined ? undefined : withoutFields(found);
  }

  write({ kind, id, version, value, fields: given }: RecordPlan): void {
    const key = recordKey(kind, id);
    const fields = given ?? this.#records.get(key)?.fields ?? {};
    if (value === null) this.#records.delete(key);
    else if (fieldPairs(fields).length === 0) this.#records.set(key, { kind, id, version, value });
    else this.#records.set(key, { kind, id, version, value, fields });
  }

  remove(kind: string, id: string): void {
    this.#records.delete(recordKey(kind, id));
  }

  /** Those whose id starts with a prefix, of every kind when `kind` is null: by kind, then by id. */
  below(kind: string | null, prefix: string): readonly StoredRecord[] {
    const found = [...this.#records.values()].filter(
      (record) => (kind === null || record.kind === kind) && record.id.startsWith(prefix),
    );
    return found
      .sort((left, right) => compareIds(left.kind, right.kind) || compareIds(left.id, right.id))
      .map((record) => ({ ...record }));
  }

  select(query: RecordQuery): readonly StoredRecord[] {
    return selectRecords(this.#records.values(), query);
  }

  page(query: RecordQuery, { limit, offset = 0 }: RecordPage): readonly StoredRecord[] {
    return this.select(query)
      .slice(offset, offset + limit)
      .map(withoutFields);
  }

  /** How many fit, wherever the query begins. */
  count({ after: _after, ...query }: RecordQuery): number {
    return this.select(query).length;
  }
}

export function withoutFields({ kind, id, version, value }: StoredRecord): StoredRecord {
  return { kind, id, version, value };
}
