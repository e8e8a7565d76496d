// Wrong stores that keep documents badly.
import type { RecordWrite } from '../../../src/log/index.ts';
import { wrong, type WrongStore } from './wrong-store.ts';

function changesRecords(
  name: string,
  caughtBy: string,
  change: (write: RecordWrite) => RecordWrite,
): WrongStore {
  return wrong(name, caughtBy, (inner) => ({
    commit: (parts, records = []) => inner.commit(parts, records.map(change)),
  }));
}

function reprinted(value: string | null): string | null {
  return value === null ? null : JSON.stringify(JSON.parse(value));
}

export const wrongRecords: readonly WrongStore[] = [
  changesRecords('lets the last writer of a document win', 'record/stale-version-refused', (write) => ({
    ...write,
    expectedVersion: 'any',
  })),
  changesRecords('parses documents and prints them again', 'record/texts-kept', (write) => ({
    ...write,
    value: reprinted(write.value),
  })),
  changesRecords('keeps the null of a removal as a document', 'record/removed', (write) => ({
    ...write,
    value: write.value ?? 'null',
  })),
  wrong('drops the documents of a commit with events', 'snapshot/written-with-its-events', (inner) => ({
    commit: (parts, records) => inner.commit(parts, parts.length > 0 ? [] : records),
  })),
  wrong('writes documents before it checks the guard', 'snapshot/guarded-by-place', (inner) => ({
    async commit(parts, records) {
      await inner.commit([], records);
      return inner.commit(parts);
    },
  })),
  wrong('guards documents by the place and not by the epoch', 'snapshot/guarded-by-epoch', (inner) => ({
    async commit(parts, records) {
      const guarded = [];
      for (const part of parts) {
        const epoch = (await inner.info(part.logId))?.epoch ?? null;
        guarded.push(part.events.length === 0 ? { ...part, epoch } : part);
      }
      return inner.commit(guarded, records);
    },
  })),
  wrong('writes documents one by one', 'record/all-or-none', (inner) => ({
    async commit(parts, records = []) {
      if (parts.length > 0) return inner.commit(parts, records);
      for (const record of records) await inner.commit([], [record]);
      return [];
    },
  })),
  wrong('takes a prefix for a pattern', 'record/listed-by-prefix', (inner) => ({
    async records(kind, prefix) {
      const pattern = new RegExp(`^${prefix.replaceAll('%', '.*').replaceAll('_', '.')}`, 'su');
      return (await inner.records(kind, '')).filter(({ id }) => pattern.test(id));
    },
  })),
  wrong('lists documents in the order of JavaScript', 'record/listed-by-prefix', (inner) => ({
    records: async (kind, prefix) =>
      (await inner.records(kind, prefix)).toSorted((left, right) => (left.id < right.id ? -1 : 1)),
  })),
  wrong('finds the first document for the last', 'record/last-before', (inner) => ({
    recordBefore: async (kind, id) => (await inner.records(kind, '')).find((record) => record.id < id),
  })),
  wrong('lists a thousand documents at most', 'record/many-listed', (inner) => ({
    records: async (kind, prefix) => (await inner.records(kind, prefix)).slice(0, 1000),
  })),
  wrong('takes two kinds of one spelling for the same', 'record/kinds-are-apart', (inner) => ({
    commit: (parts, records = []) =>
      inner.commit(
        parts,
        records.map((record) => ({ ...record, kind: record.kind.toLowerCase() })),
      ),
    record: (kind, id) => inner.record(kind.toLowerCase(), id),
    records: (kind, prefix) => inner.records(kind.toLowerCase(), prefix),
  })),
  wrong('hands out the document that it keeps', 'snapshot/records-are-the-callers', (_inner, database) => ({
    record: async (kind, id) => database.records.get(kind, id),
  })),
  wrong('counts versions from one again with every write', 'twin/records', (inner) => ({
    async records(kind, prefix) {
      return (await inner.records(kind, prefix)).map((record) => ({ ...record, version: 1 }));
    },
  })),
];
