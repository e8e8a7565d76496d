// A store of session events on any log store: each session is a log, and its rows hold the texts that a file would hold.
import { isJsonObject, type JsonObject } from 'runlog/base';
import { type EventRow, type LogStore, type StoredEvent } from 'runlog/log';
import { type EventStore, readSessionEventType, type SessionEvent } from 'runlog/sessions';

export function eventStoreOn(log: LogStore): EventStore {
  return {
    appendEvents: async (events) => {
      const bySession = Map.groupBy(events, ({ sessionId }) => sessionId);
      for (const id of bySession.keys()) {
        if ((await log.info(id)) === undefined)
          await log.create({ id, kind: 'session', label: null, createdAt: '2026-01-01T00:00:00Z' });
      }
      await log.commit(
        [...bySession].map(([logId, own]) => ({
          logId,
          expected: 'any' as const,
          epoch: null,
          events: [...new Map(own.map((event) => [event.id, rowOf(event)])).values()],
        })),
      );
      const stored: SessionEvent[] = [];
      for (const event of events) {
        const row = await log.get(event.sessionId, event.id);
        stored.push(Object.freeze({ ...event, sequenceNumber: row?.seq ?? null }));
      }
      return stored;
    },
    getEvents: async (sessionId, { after = 0, type, runId, limit = 1000 } = {}) => {
      const events: SessionEvent[] = [];
      for await (const page of log.read(sessionId, { after }))
        events.push(...page.map((row) => eventOf(row, sessionId)));
      return events
        .filter((event) => type === undefined || event.type === type)
        .filter((event) => runId === undefined || event.runId === runId)
        .slice(0, limit);
    },
  };
}

/** Every text that a log store keeps, one after the other. */
export async function storedTexts(log: LogStore): Promise<string> {
  const texts: string[] = [];
  for (const { id } of await log.logs()) {
    for await (const page of log.read(id)) texts.push(...page.map((row) => JSON.stringify(row)));
  }
  return texts.join('\n');
}

function rowOf(event: SessionEvent): EventRow {
  return {
    id: event.id,
    type: event.type,
    payload: JSON.stringify(event.data),
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: event.timestamp,
    subject: null,
    schemaVersion: event.schemaVersion,
    runId: event.runId,
    provider: event.provider,
    correlationId: event.correlationId,
    metadata: JSON.stringify(event.metadata),
  };
}

function eventOf(row: StoredEvent, sessionId: string): SessionEvent {
  return {
    id: row.id,
    type: readSessionEventType(row.type),
    timestamp: row.timestamp,
    sessionId,
    runId: row.runId,
    sequenceNumber: row.seq,
    data: objectOf(row.payload),
    metadata: objectOf(row.metadata ?? '{}'),
    schemaVersion: row.schemaVersion ?? 1,
    provider: row.provider,
    correlationId: row.correlationId,
  };
}

function objectOf(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}
