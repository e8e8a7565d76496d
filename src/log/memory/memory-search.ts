/** Decides how the memory store is searched: by looking at what it holds, with the answers that an index would give. */
import type { Sha256 } from '../../base/index.ts';
import { runNotFound } from '../errors.ts';
import type { EventRow } from '../event.ts';
import { type MemoryDatabase, type MemoryLog, MemoryReader, seqOf } from './memory-database.ts';
import { storedRow, withPayload } from './memory-rows.ts';
import type { RecordQuery, RecordWrite, StoredRecord } from '../records/record.ts';
import { valuesOf } from '../records/record-fields.ts';
import { compareIds, planRecords } from '../records/record-plan.ts';
import { checkShape } from '../shape/commit-shape.ts';
import {
  type EventPlace,
  type EventQuery,
  type FoundEvent,
  type GroupField,
  keepsItsPayloads,
  type LogSearch,
  type RecordGroup,
  type RecordSums,
  type Redaction,
  sortedGroups,
} from '../search/search.ts';
import { payloadHashOf, readTombstone, tombstoneText } from '../search/tombstone.ts';

/** `check` throws when the store is closed. */
export function memorySearch(
  database: MemoryDatabase,
  sha256: Sha256,
  check: (operation: string) => void,
): LogSearch {
  return {
    findEvents: async (query, limit) => {
      check('findEvents');
      const { after } = query;
      const sign = query.descending === true ? -1 : 1;
      const compare = (left: EventPlace, right: EventPlace): number =>
        sign * (query.order === 'time' ? compareByTime(left, right) : compareByPlace(left, right));
      const found = fitting(database, sha256, query)
        .map((each) => ({ place: placeOf(each), each }))
        .filter(({ place }) => after === undefined || compare(place, after) > 0)
        .sort((left, right) => compare(left.place, right.place));
      return found.slice(0, limit).map(({ each }) => each);
    },
    countEvents: async (query) => {
      check('countEvents');
      return fitting(database, sha256, query).length;
    },
    sumRecords: async ({ after: _after, ...query }, sums) => {
      check('sumRecords');
      return summed(database, query, sums);
    },
  };
}

/** Replaces rows: readers that hold one keep what they have read. */
export function redactInMemory(
  database: MemoryDatabase,
  redaction: Redaction,
  records: readonly RecordWrite[],
  sha256: Sha256,
): number {
  checkShape([], records);
  const { logId, seqs, note } = redaction;
  const log = database.logs.get(logId);
  if (log === undefined) throw runNotFound({ logId, operation: 'redact' });
  if (log.log.kind !== 'session') throw keepsItsPayloads(logId);
  const writes = planRecords(records, (kind, id) => database.records.get(kind, id));
  for (const write of writes) database.records.write(write);
  let dropped = 0;
  for (const seq of new Set(seqs)) {
    const index = seq - log.base.seq - 1;
    const row = log.rows.at(index);
    if (row === undefined || readTombstone(row.payload) !== null) continue;
    const payloadHash = payloadHashOf(row.payload, sha256);
    log.rows.replace(index, withPayload(row, tombstoneText({ payloadHash, note })));
    dropped += 1;
  }
  return dropped;
}

function fitting(database: MemoryDatabase, sha256: Sha256, query: EventQuery): readonly FoundEvent[] {
  const reader = new MemoryReader(database.logs, sha256);
  return logsOf(database, query.logIds).flatMap((log) => {
    const found: FoundEvent[] = [];
    for (let seq = log.base.seq + 1; seq <= seqOf(log); seq += 1) {
      const row = reader.rowAt(log, seq);
      if (fits(row, query)) found.push({ logId: log.log.id, event: storedRow(row, seq, null) });
    }
    return found;
  });
}

function logsOf({ logs }: MemoryDatabase, ids: readonly string[] | undefined): readonly MemoryLog[] {
  const wanted = ids === undefined ? [...logs.values()] : [...new Set(ids)].map((id) => logs.get(id));
  return wanted.filter((log) => log !== undefined).filter(({ log }) => log.kind === 'session');
}

function fits(row: EventRow, query: EventQuery): boolean {
  const { runIds, types, providers, correlationId, from, to } = query;
  return (
    isAmong(row.runId, runIds) &&
    isAmong(row.type, types) &&
    isAmong(row.provider, providers) &&
    (correlationId === undefined || row.correlationId === correlationId) &&
    (from === undefined || compareIds(row.timestamp, from) >= 0) &&
    (to === undefined || compareIds(row.timestamp, to) <= 0)
  );
}

function isAmong(value: string | null, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value));
}

function placeOf({ logId, event }: FoundEvent): EventPlace {
  return { logId, seq: event.seq, timestamp: event.timestamp };
}

function compareByPlace(left: EventPlace, right: EventPlace): number {
  return compareIds(left.logId, right.logId) || left.seq - right.seq;
}

function compareByTime(left: EventPlace, right: EventPlace): number {
  return compareIds(left.timestamp, right.timestamp) || compareByPlace(left, right);
}

function summed(
  { records }: MemoryDatabase,
  query: RecordQuery,
  { groupBy, sum }: RecordSums,
): readonly RecordGroup[] {
  const groups = new Map<string, RecordGroup>();
  const groupers = groupBy.map((field) => grouperOf(records.below(null, ''), field));
  for (const record of records.select(query)) {
    const by = groupers.map((grouper) => grouper(record));
    const key = JSON.stringify(by);
    const { count, sums } = groups.get(key) ?? { count: 0, sums: sum.map(() => 0n) };
    const added = sums.map((total, index) => total + BigInt(valuesOf(record, sum[index] ?? '')[0] ?? 0));
    groups.set(key, { by, count: count + 1, sums: added });
  }
  return sortedGroups([...groups.values()]);
}

type Grouper = (record: StoredRecord) => string | null;

function grouperOf(all: readonly StoredRecord[], { field, through }: GroupField): Grouper {
  if (through === undefined) return (record) => valuesOf(record, field)[0] ?? null;
  const byValue = new Map<string, string | null>();
  for (const record of all) {
    if (record.kind !== through.kind) continue;
    for (const value of valuesOf(record, through.by)) byValue.set(value, valuesOf(record, field)[0] ?? null);
  }
  return (record) => byValue.get(valuesOf(record, through.by)[0] ?? '') ?? null;
}
