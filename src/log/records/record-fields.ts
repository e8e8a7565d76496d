/** Decides which documents a query finds, for a store that can look at all of them, and how fields are listed one by one. */
import type { FieldCondition, RecordFields, RecordQuery, StoredRecord } from './record.ts';
import { compareIds } from './record-plan.ts';

/** Each field with each of its values, once. */
export function fieldPairs(fields: RecordFields): readonly (readonly [field: string, value: string])[] {
  return Object.entries(fields).flatMap(([field, values]) =>
    (isList(values) ? [...new Set(values)] : [values]).map((value) => [field, value] as const),
  );
}

function isList(values: string | readonly string[]): values is readonly string[] {
  return Array.isArray(values);
}

/** The documents that fit, in the order of the query. */
export function selectRecords(
  records: Iterable<StoredRecord>,
  { kind, where = [], orderBy, descending = false, after }: RecordQuery,
): readonly StoredRecord[] {
  const keyed: { readonly value: string; readonly record: StoredRecord }[] = [];
  const all = [...records];
  const tests = where.map((condition) => testOf(all, condition));
  for (const record of all) {
    const [value] = valuesOf(record, orderBy);
    if (record.kind !== kind || value === undefined || !tests.every((test) => test(record))) continue;
    keyed.push({ value, record });
  }
  const sign = descending ? -1 : 1;
  type Key = { readonly value: string; readonly id: string };
  const compare = (left: Key, right: Key): number =>
    sign * (compareIds(left.value, right.value) || compareIds(left.id, right.id));
  const keyOf = ({ value, record }: (typeof keyed)[number]): Key => ({ value, id: record.id });
  return keyed
    .filter((each) => after === undefined || compare(keyOf(each), after) > 0)
    .sort((left, right) => compare(keyOf(left), keyOf(right)))
    .map(({ record }) => record);
}

function testOf(all: readonly StoredRecord[], condition: FieldCondition): (record: StoredRecord) => boolean {
  const { through } = condition;
  if (through === undefined) return (record) => holds(record, condition);
  const shared = new Set<string>();
  for (const record of all) {
    if (record.kind !== through.kind || !holds(record, condition)) continue;
    for (const value of valuesOf(record, through.by)) shared.add(value);
  }
  return (record) => valuesOf(record, through.by).some((value) => shared.has(value));
}

function holds(record: StoredRecord, { field, oneOf, from, before }: FieldCondition): boolean {
  return valuesOf(record, field).some(
    (value) =>
      (oneOf === undefined || oneOf.includes(value)) &&
      (from === undefined || compareIds(value, from) >= 0) &&
      (before === undefined || compareIds(value, before) < 0),
  );
}

/** The values of a field of a document; none for a field that it does not have. */
export function valuesOf({ fields }: StoredRecord, field: string): readonly string[] {
  const values = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (values === undefined) return [];
  return typeof values === 'string' ? [values] : values;
}
