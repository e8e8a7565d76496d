// Wrong stores that take in something else than they were given.
import {
  type CommitPart,
  ConcurrentWriterError,
  DuplicateEventError,
  FencedError,
  type Head,
  InvalidEventError,
  type LogStore,
  type RecordWrite,
} from '../../../src/log/index.ts';
import { changesEvents, changesParts, sharedBy, wrong, type WrongStore } from './wrong-store.ts';

const refusal = { summary: 'refused', whatFailed: '-', why: '-', howToFix: '-' };

function eventCount(parts: readonly CommitPart[]): number {
  return parts.reduce((sum, { events }) => sum + events.length, 0);
}

async function onePartAfterAnother(
  inner: LogStore,
  parts: readonly CommitPart[],
  records: readonly RecordWrite[] = [],
): Promise<Head[]> {
  const heads: Head[] = [];
  for (const part of parts) heads.push(...(await inner.commit([part])));
  await inner.commit([], records);
  return heads;
}

const idsOf = sharedBy(() => new Map<string, string>());

export const wrongWrites: readonly WrongStore[] = [
  wrong(
    'drops the last event of a batch',
    'append/head-advances',
    changesParts((part) => ({
      ...part,
      events: part.events.length > 1 ? part.events.slice(0, -1) : part.events,
    })),
  ),
  wrong(
    'sorts a batch by the ids of its events',
    'append/foreign-ids',
    changesParts((part) => ({
      ...part,
      events: part.events.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    })),
  ),
  wrong(
    'parses payloads and prints them again',
    'text/number-spelling-kept',
    changesEvents((event) => ({ ...event, payload: JSON.stringify(JSON.parse(event.payload.trim())) })),
  ),
  wrong(
    'trims texts',
    'text/key-order-and-space-kept',
    changesEvents((event) => ({ ...event, payload: event.payload.trim() })),
  ),
  wrong(
    'normalizes ids',
    'text/similar-ids-are-two',
    changesEvents((event) => ({ ...event, id: event.id.normalize() })),
  ),
  wrong(
    'puts a replacement where a surrogate stands alone',
    'text/lone-surrogates-refused',
    changesEvents((event) => ({ ...event, payload: event.payload.toWellFormed() })),
  ),
  wrong(
    'stops a text at U+0000, as C does',
    'text/null-character-refused',
    changesEvents((event) => ({ ...event, payload: event.payload.split('\0')[0] ?? '' })),
  ),
  wrong(
    'cuts texts at one megabyte',
    'large/large-payload-kept',
    changesEvents((event) => ({ ...event, payload: event.payload.slice(0, 1_000_000) })),
  ),
  wrong(
    'writes timestamps in the form of its database',
    'export/byte-for-byte',
    changesEvents((event) => ({ ...event, timestamp: event.timestamp.replace(/Z$/, '+00:00') })),
  ),
  wrong(
    'has no column for what an event is about',
    'append/every-field-kept',
    changesEvents((event) => ({ ...event, subject: null })),
  ),
  wrong(
    'drops session fields from the log of a run without a word',
    'append/session-fields-refused-in-run',
    changesEvents((event) => {
      const none = { runId: null, provider: null, correlationId: null, schemaVersion: null, metadata: null };
      return { ...event, ...none };
    }),
  ),
  wrong("keeps the caller's objects", 'append/caller-keeps-its-objects', (inner, database) => ({
    async commit(parts, records) {
      const heads = await inner.commit(parts, records);
      for (const { logId, events } of parts) {
        const rows = database.logs.get(logId)?.rows;
        if (rows === undefined) continue;
        const [at, first] = [rows.at.bind(rows), rows.length - events.length];
        rows.at = (index) => events[index - first] ?? at(index);
      }
      return heads;
    },
  })),
  wrong(
    'takes any place',
    'conflict/stale-place-refused',
    changesParts((part) => ({ ...part, expected: 'any' })),
  ),
  wrong('takes a place ahead for the next one', 'conflict/place-ahead-refused', (inner) => ({
    async commit(parts, records) {
      const known: CommitPart[] = [];
      for (const part of parts) {
        const seq = (await inner.info(part.logId))?.head.seq ?? 0;
        known.push(part.expected === 'any' || part.expected <= seq ? part : { ...part, expected: seq });
      }
      return inner.commit(known, records);
    },
  })),
  wrong('takes any epoch', 'owner/paused-writer-fenced', (inner) => ({
    async commit(parts, records) {
      const fresh: CommitPart[] = [];
      for (const part of parts) fresh.push({ ...part, epoch: (await inner.info(part.logId))?.epoch ?? null });
      return inner.commit(fresh, records);
    },
  })),
  wrong('looks at the place before the epoch', 'conflict/epoch-before-place', (inner) => ({
    async commit(parts, records) {
      try {
        return await inner.commit(parts, records);
      } catch (error) {
        if (error instanceof FencedError) throw new ConcurrentWriterError(refusal);
        throw error;
      }
    },
  })),
  wrong('ignores an event whose id is taken', 'conflict/same-id-other-content-refused', (inner) => ({
    async commit(parts, records) {
      try {
        return await inner.commit(parts, records);
      } catch (error) {
        if (!(error instanceof DuplicateEventError)) throw error;
        return Promise.all(parts.map(({ logId }) => inner.head(logId)));
      }
    },
  })),
  wrong('wants ids to be unique over all its logs', 'read/logs-keep-to-themselves', (inner, database) => ({
    async commit(parts, records) {
      const ids = idsOf(database);
      for (const { logId, events } of parts) {
        for (const { id } of events) {
          if ((ids.get(id) ?? logId) !== logId) throw new DuplicateEventError(refusal);
        }
      }
      const heads = await inner.commit(parts, records);
      for (const { logId, events } of parts) for (const { id } of events) ids.set(id, logId);
      return heads;
    },
  })),
  wrong('looks for taken ids in the last three places only', 'model/appends', (inner, database) => ({
    async commit(parts, records) {
      try {
        return await inner.commit(parts, records);
      } catch (error) {
        const [part] = parts;
        const log = part === undefined ? undefined : database.logs.get(part.logId);
        if (!(error instanceof DuplicateEventError) || part === undefined || log === undefined) throw error;
        const placeOf = (id: string): number => [...log.rows].findIndex((row) => row.id === id);
        const isOld = part.events.every(({ id }) => placeOf(id) < log.rows.length - 3);
        if (!isOld || part.expected !== log.base.seq + log.rows.length) throw error;
        for (const event of part.events) log.rows.push(event);
        return [await inner.head(part.logId)];
      }
    },
  })),
  wrong('refuses a retry as stale', 'retry/same-commit-again', (inner) => ({
    async commit(parts, records) {
      for (const { logId, expected, events } of parts) {
        const seq = (await inner.info(logId))?.head.seq ?? 0;
        if (events.length > 0 && expected !== 'any' && expected < seq)
          throw new ConcurrentWriterError(refusal);
      }
      return inner.commit(parts, records);
    },
  })),
  wrong('writes the records of a retry again', 'retry/leaves-records-that-moved-on', (inner) => ({
    async commit(parts, records = []) {
      const heads = await inner.commit(parts, records);
      if (parts.length > 0)
        for (const record of records) await inner.commit([], [{ ...record, expectedVersion: 'any' }]);
      return heads;
    },
  })),
  wrong('commits part by part', 'append/all-parts-or-none', (inner) => ({
    commit: (parts, records) => onePartAfterAnother(inner, parts, records),
  })),
  wrong('counts the events of each part alone', 'batch/too-many-events-over-parts-refused', (inner) => ({
    async commit(parts, records) {
      if (eventCount(parts) <= 10_000) return inner.commit(parts, records);
      return onePartAfterAnother(inner, parts, records);
    },
  })),
  wrong('takes batches of at most a thousand', 'batch/largest-batch', (inner) => ({
    async commit(parts, records) {
      if (eventCount(parts) > 1000) throw new InvalidEventError(refusal);
      return inner.commit(parts, records);
    },
  })),
  wrong('leaves out parts without events', 'append/empty-part-only-guards', (inner) => ({
    async commit(parts, records) {
      const heads = await inner.commit(
        parts.filter(({ events }) => events.length > 0),
        records,
      );
      return parts.length === heads.length ? heads : Promise.all(parts.map(({ logId }) => inner.head(logId)));
    },
  })),
  wrong('lets small commits overtake large ones', 'order/unawaited-in-call-order', (inner) => {
    let calls = 0;
    return {
      async commit(parts, records) {
        calls += 1;
        if (calls % 3 === 0) await Promise.resolve();
        return inner.commit(parts, records);
      },
    };
  }),
  wrong('fails a whole turn when one commit is refused', 'order/one-refusal-fails-nobody-else', (inner) => {
    let turn: Promise<unknown> = Promise.resolve();
    return {
      async commit(parts, records) {
        const before = turn;
        const work = inner.commit(parts, records);
        turn = Promise.all([before, work]);
        turn.catch(() => undefined);
        await before;
        return work;
      },
    };
  }),
];
