/**
 * Decides how sessions of the Agent Orchestrator are read as a source: the lifecycle as events, the transcript between its beginning
 * and its end, and the row with everything that was kept of the session.
 */
import { isStructuredError, type Sha256 } from '../../../base/index.ts';
import { checkShape, type EventRow } from '../../../log/index.ts';
import {
  documentOfSession,
  readTimestamp,
  sessionFromJson,
  type SessionStatus,
} from '../../../sessions/index.ts';
import type { MigrationSource, SourceEvent, SourceRecord, SourceRun } from '../../source.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import type { AoSession, AoSessions } from './ao-session.ts';
import { eventRow, transcriptEvents } from './transcript-events.ts';

export interface AoHistoryOptions extends AoSessions {
  readonly location: string;
  /** What keeps them, in words. */
  readonly format: string;
  readonly files: LegacyFiles;
  readonly sha256: Sha256;
  readonly close?: () => Promise<void>;
}

const pageLimits = { events: 500, characters: 8_000_000 } as const;

/** Nothing of the source is written. */
export function aoHistorySource(options: AoHistoryOptions): MigrationSource {
  const { location, format, files, sha256, notes } = options;
  const byId = new Map(options.sessions.map((session) => [session.id, session]));
  const digests = new Map<string, string>();
  const rowsOf = (id: string): readonly EventRow[] => {
    const session = byId.get(id);
    return session === undefined ? [] : eventsOf(session, files);
  };
  return {
    location,
    format,
    storeId: null,
    runs: async () => options.sessions.map((session) => runOf(session, rowsOf(session.id).length)),
    async *events(run, after) {
      const rows = rowsOf(run.id);
      digests.set(run.id, sha256(rows.map(({ payload }) => sha256(payload)).join('')));
      for (const page of pagesOf(rows.slice(after))) yield page.map((row) => checked(run.id, row));
    },
    hashAt: async () => null,
    records: async (run) => {
      const session = byId.get(run.id);
      return session === undefined ? [] : [recordOf(session)];
    },
    digest: (id) => digests.get(id) ?? null,
    notes: (id) => (id === null ? notes : (byId.get(id)?.notes ?? [])),
    close: async () => options.close?.(),
  };
}

/** A line of a transcript may be as long as a file. */
function pagesOf(rows: readonly EventRow[]): readonly (readonly EventRow[])[] {
  const pages: EventRow[][] = [];
  let characters = 0;
  for (const row of rows) {
    const last = pages.at(-1);
    characters += row.payload.length;
    if (last !== undefined && last.length < pageLimits.events && characters < pageLimits.characters)
      last.push(row);
    else {
      pages.push([row]);
      characters = row.payload.length;
    }
  }
  return pages;
}

function runOf({ id, createdAt }: AoSession, events: number): SourceRun {
  return {
    id,
    kind: 'session',
    label: null,
    createdAt: microsOf(createdAt),
    parent: null,
    events,
    headHash: null,
  };
}

function eventsOf(session: AoSession, files: LegacyFiles): readonly EventRow[] {
  const { agent: provider, createdAt, startedAt, updatedAt, end, transcript } = session;
  const at = (moment: string): { readonly timestamp: string; readonly provider: string } => ({
    timestamp: microsOf(moment),
    provider,
  });
  const created = { provider, project_id: session.projectId, name: session.name };
  const read = transcript === null ? null : files.read(transcript);
  const lines =
    read?.state === 'text' ? transcriptEvents(read.text, provider, microsOf(startedAt ?? createdAt)) : [];
  return [
    eventRow('evt_created', 'session_created', created, at(createdAt)),
    ...(startedAt === null ? [] : [eventRow('evt_started', 'session_started', {}, at(startedAt))]),
    ...lines,
    ...(end === null ? [] : [eventRow('evt_ended', `session_${end}`, endData(session), at(updatedAt))]),
  ];
}

function endData({ end, name }: AoSession): { readonly [key: string]: string } {
  return end === 'failed'
    ? { error_code: 'provider_error', error_message: `session ${name} ended with an error` }
    : {};
}

function recordOf(session: AoSession): SourceRecord {
  const { id, projectId, name, agent, createdAt, startedAt, updatedAt, end, facts } = session;
  const going: SessionStatus = startedAt === null ? 'pending' : 'active';
  try {
    const document = documentOfSession(
      sessionFromJson({
        id,
        agent_id: agent,
        status: end ?? going,
        metadata: { provider: agent, ao: { project_id: projectId, name, ...facts } },
        tags: ['ao'],
        created_at: createdAt,
        updated_at: updatedAt,
      }),
    );
    const { kind, id: recordId, value, fields } = document;
    return { ok: true, record: { kind, id: recordId, value, fields, version: 1 } };
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return { ok: false, id: `session ${name}`, why: error.summary };
  }
}

function checked(logId: string, row: EventRow): SourceEvent {
  try {
    checkShape([{ logId, expected: 'any', epoch: null, events: [row] }]);
    return { ok: true, row };
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return { ok: false, eventId: row.id, why: error.summary };
  }
}

/** Readers give ISO texts in UTC. */
function microsOf(moment: string): string {
  return readTimestamp(moment) ?? moment;
}
