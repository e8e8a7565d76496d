/** Decides what is told about one session: its figures, and all of it for an export. */
import { type RecordQuery, type StoredEvent, type StoredRecord } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { SessionEvent } from '../model/session-event.ts';
import {
  executionKind,
  executionOfRecord,
  hint,
  placesOf,
  sessionKind,
  sessionOfRecord,
  sessionRecordId,
} from '../store/documents.ts';
import { eventOfRow } from '../store/event-row.ts';
import { formsOf, type QueryContext } from './context.ts';
import type { SessionExport, SessionStats } from './port.ts';

export async function getSessionStats(context: QueryContext, sessionId: string): Promise<SessionStats> {
  await requireSession(context, sessionId);
  const { store } = context;
  const query = {
    kind: executionKind,
    where: [{ field: 'session', oneOf: [hint(sessionId)] }],
    orderBy: 'session',
  };
  const groups = await store.search.sumRecords(query, {
    groupBy: [{ field: 'status' }, { field: 'provider' }],
    sum: ['input', 'output', 'tokens'],
  });
  const statusCounts = new Map<string, number>();
  const providers = new Set<string>();
  const totals = { input: 0, output: 0, total: 0 };
  let runCount = 0;
  for (const { by, count, sums } of groups) {
    const [status = null, provider = null] = by;
    const [input = 0, output = 0, total = 0] = sums.map(Number);
    runCount += count;
    totals.input += input;
    totals.output += output;
    totals.total += total;
    if (status !== null) statusCounts.set(status, (statusCounts.get(status) ?? 0) + count);
    if (provider !== null) providers.add(provider);
  }
  const info = await store.info(sessionId);
  return {
    eventCount: info?.head.seq ?? 0,
    runCount,
    tokenTotals: totals,
    providersUsed: [...providers].toSorted(),
    firstEventAt: (await endOf(context, sessionId, false))?.timestamp ?? null,
    lastEventAt: (await endOf(context, sessionId, true))?.timestamp ?? null,
    statusCounts: Object.fromEntries(statusCounts),
  };
}

export async function exportSession(
  context: QueryContext,
  sessionId: string,
  { includeArtifacts = false }: { readonly includeArtifacts?: boolean },
): Promise<SessionExport> {
  const record = await requireSession(context, sessionId);
  const { store, artifacts } = context;
  if (includeArtifacts && artifacts === undefined) {
    throw sessionError('capability_not_supported', 'this query has no registry of artifacts', {
      details: { option: 'includeArtifacts' },
      howToFix: 'Give the context of the query `artifacts`, or export without them.',
    });
  }
  const events: SessionEvent[] = [];
  for await (const page of store.read(sessionId))
    for (const stored of page) events.push(eventOfRow(stored, sessionId, formsOf(context)));
  return {
    session: sessionOfRecord(record),
    runs: await allRuns(context, sessionId),
    events,
    ...(includeArtifacts && artifacts !== undefined
      ? { artifacts: await artifacts.ofSession(sessionId) }
      : {}),
  };
}

const runsAtOnce = 500;

async function allRuns({ store }: QueryContext, sessionId: string): Promise<readonly Execution[]> {
  const query: RecordQuery = {
    kind: executionKind,
    where: [{ field: 'place', ...placesOf(sessionId) }],
    orderBy: 'place',
  };
  const runs: Execution[] = [];
  for (;;) {
    const page = await store.findRecords(query, { limit: runsAtOnce, offset: runs.length });
    runs.push(...page.map(executionOfRecord));
    if (page.length < runsAtOnce) return runs;
  }
}

async function endOf(
  { store }: QueryContext,
  sessionId: string,
  reverse: boolean,
): Promise<StoredEvent | undefined> {
  for await (const [event] of store.read(sessionId, { limit: 1, reverse })) return event;
  return undefined;
}

async function requireSession({ store }: QueryContext, sessionId: string): Promise<StoredRecord> {
  const record = await store.record(sessionKind, sessionRecordId(sessionId));
  if (record !== undefined) return record;
  throw sessionError('session_not_found', `session '${sessionId}' is not there`, {
    details: { session_id: sessionId },
  });
}
