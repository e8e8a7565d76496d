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
import { transcriptUnreadable } from '../errors.ts';
import type { AoSession, AoSessions } from './ao-session.ts';
import { eventRow, transcriptEvents } from './transcript-events.ts';
import type { TranscriptEntry } from './transcript.ts';

export interface AoHistoryOptions extends AoSessions {
  readonly location: string;
  /** What keeps them, in words. */
  readonly format: string;
  readonly sha256: Sha256;
  readonly close?: () => Promise<void>;
}

/** Of the event that says how a session ended. */
const endId = 'evt_ended';

const pageLimits = { events: 500, characters: 8_000_000 } as const;

/** Nothing of the source is written. */
export function aoHistorySource(options: AoHistoryOptions): MigrationSource {
  const { location, format, sha256, notes } = options;
  const byId = new Map(options.sessions.map((session) => [session.id, session]));
  const digests = new Map<string, string>();
  const counting = new Counting();
  return {
    location,
    format,
    storeId: null,
    runs: async () => {
      const runs: SourceRun[] = [];
      for (const session of options.sessions) runs.push(runOf(session, await counting.count(session)));
      return runs;
    },
    async *events(run, after) {
      const session = byId.get(run.id);
      if (session === undefined) return;
      counting.throwProblem(session.id);
      let seq = 0;
      let digest = '';
      for await (const page of pagesOf(eventsOf(session))) {
        for (const { payload } of page) digest = sha256(digest + sha256(payload));
        const wanted = page.slice(Math.max(0, after - seq));
        seq += page.length;
        if (wanted.length > 0) yield wanted.map((row) => checked(run.id, row));
      }
      digests.set(run.id, digest);
    },
    hashAt: async () => null,
    records: async (run) => {
      const session = byId.get(run.id);
      return session === undefined ? [] : [recordOf(session)];
    },
    digest: (id) => digests.get(id) ?? null,
    notes: (id) => (id === null ? notes : [...(byId.get(id)?.notes ?? []), ...counting.notes(id)]),
    isEnd: ({ id }) => id === endId,
    close: async () => options.close?.(),
  };
}

/** A line of a transcript may be as long as a file. */
async function* pagesOf(rows: AsyncIterable<EventRow>): AsyncIterable<readonly EventRow[]> {
  let page: EventRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    characters += row.payload.length;
    if (page.length >= pageLimits.events || (page.length > 0 && characters > pageLimits.characters)) {
      yield page;
      page = [];
      characters = row.payload.length;
    }
    page.push(row);
  }
  if (page.length > 0) yield page;
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

/** What was found when the events of each session were counted: it holds for the reading, too. */
class Counting {
  readonly #problems = new Map<string, unknown>();
  readonly #unfinished = new Set<string>();

  async count(session: AoSession): Promise<number> {
    const { id, startedAt, end, transcript } = session;
    let count = 1 + (startedAt === null ? 0 : 1) + (end === null ? 0 : 1);
    if (transcript === null) return count;
    try {
      for await (const entry of transcript.entries()) {
        if (isTaken(entry, session)) count += 1;
        else this.#unfinished.add(id);
      }
    } catch (cause) {
      // Told as the failure of this session alone, also when it can be read by then: the count is too small for it.
      this.#problems.set(id, transcriptUnreadable({ path: transcript.path, cause }));
    }
    return count;
  }

  throwProblem(id: string): void {
    if (this.#problems.has(id)) throw this.#problems.get(id);
  }

  notes(id: string): readonly string[] {
    return this.#unfinished.has(id)
      ? ['the last line of its transcript has no end yet: it comes with a later import']
      : [];
  }
}

/** Half a line would be another event than the whole one, and stand in its way for ever. */
function isTaken({ isUnfinished }: TranscriptEntry, { end }: AoSession): boolean {
  return isUnfinished !== true || end !== null;
}

async function* eventsOf(session: AoSession): AsyncIterable<EventRow> {
  const { agent: provider, createdAt, startedAt, updatedAt, end, transcript } = session;
  const at = (moment: string): { readonly timestamp: string; readonly provider: string } => ({
    timestamp: microsOf(moment),
    provider,
  });
  const created = { provider, project_id: session.projectId, name: session.name };
  yield eventRow('evt_created', 'session_created', created, at(createdAt));
  if (startedAt !== null) yield eventRow('evt_started', 'session_started', {}, at(startedAt));
  if (transcript !== null) {
    try {
      const takes = (entry: TranscriptEntry): boolean => isTaken(entry, session);
      yield* transcriptEvents(transcript, { provider, begunAt: microsOf(startedAt ?? createdAt), takes });
    } catch (cause) {
      throw transcriptUnreadable({ path: transcript.path, cause });
    }
  }
  if (end !== null) yield eventRow(endId, `session_${end}`, endData(session), at(updatedAt));
}

function endData({ end, name }: AoSession): { readonly [key: string]: string } {
  return end === 'failed'
    ? { error_code: 'provider_error', error_message: `session ${name} ended with an error` }
    : {};
}

function recordOf(session: AoSession): SourceRecord {
  const { id, parentId, projectId, name, agent, createdAt, startedAt, updatedAt, end, facts } = session;
  const going: SessionStatus = startedAt === null ? 'pending' : 'active';
  try {
    const document = documentOfSession(
      sessionFromJson({
        id,
        agent_id: agent,
        parent_session_id: parentId,
        status: end ?? going,
        metadata: { provider: agent, ao: { project_id: projectId, name, ...facts } },
        tags: ['ao', projectId],
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
