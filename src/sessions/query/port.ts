/**
 * The questions about sessions as the house answers them; knows no store.
 *
 * What every implementation promises:
 * - pages: a page has a `cursor` when it is not empty; the next page begins behind it, whatever was written meanwhile. A cursor
 *   belongs to its question: used with another filter or order, made up or changed, it is refused with `InvalidPageCursorError`;
 * - limits: from 1 to 1,000; anything else, an unknown order, an unknown filter and a value that none has is a `ValidationError`
 *   (`InvalidStatusError`, `InvalidEventTypeError` for those);
 * - sums: counts are whole, money is exact decimal text.
 */
import type { JsonObject, Usd } from '../../base/index.ts';
import type { PriceTable } from '../../effects/index.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { Execution, ExecutionStatus } from '../model/execution.ts';
import type { Session, SessionStatus } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { TranscriptMessage } from '../transcript/transcript.ts';

type OneOrMore<Value> = Value | readonly Value[];

/** Order, size and cursor of a page. A cursor is good for the search that made it alone. */
export interface PageOptions<Order extends string> {
  readonly orderBy?: Order;
  readonly limit?: number;
  /** That of the page before. */
  readonly cursor?: string;
}

/** Orders of a search over sessions. */
export type SessionOrder = 'updated_at_desc' | 'created_at_asc' | 'created_at_desc';

/** Which sessions, by agent, status, provider, tags and time (ISO text). */
export interface SessionFilter extends PageOptions<SessionOrder> {
  readonly agentId?: string;
  readonly status?: OneOrMore<SessionStatus>;
  /** Sessions that have a run of it. */
  readonly provider?: OneOrMore<string>;
  /** Created then or later; any RFC 3339 text, as all times here. */
  readonly createdAfter?: string;
  /** Created then or earlier. */
  readonly createdBefore?: string;
  /** Sessions that have all of them. */
  readonly tags?: readonly string[];
  /** Those marked as deleted too. */
  readonly includeDeleted?: boolean;
}

/** Sessions of a search; `cursor` is null on the last page. */
export interface SessionPage {
  readonly sessions: readonly Session[];
  /** `null` for an empty page. */
  readonly cursor: string | null;
  /** All that fit, whatever the limit and the cursor. */
  readonly totalCount: number;
}

/** A text to be found in messages of the sessions that fit. */
export interface MessageSearch extends SessionFilter {
  /** What was said, whoever said it; upper and lower case are alike. Outputs of tools are not searched. */
  readonly text: string;
}

/** A message that a search found, and its session. */
export interface MessageMatch {
  readonly session: Session;
  /** The first message of the session that holds the text. */
  readonly message: TranscriptMessage;
}

/** Messages of a search; `cursor` is null on the last page. */
export interface MessagePage {
  /** One a session, in the order of the sessions. */
  readonly matches: readonly MessageMatch[];
  /** `null` for an empty page. */
  readonly cursor: string | null;
}

/** Orders of a search over runs. */
export type RunOrder = 'started_at_desc' | 'started_at_asc' | 'token_usage_desc';

/** Which runs of agents, by session, provider, status, time (ISO text) and tokens. */
export interface RunFilter extends PageOptions<RunOrder> {
  readonly sessionId?: string;
  readonly agentId?: string;
  readonly provider?: OneOrMore<string>;
  readonly status?: OneOrMore<ExecutionStatus>;
  readonly startedAfter?: string;
  readonly startedBefore?: string;
  /** All tokens: what the provider says in all, otherwise input and output. */
  readonly minTokens?: number;
  readonly maxTokens?: number;
  /** Recorded cost in US dollars, as decimal text; a run without one has none. */
  readonly minCostUsd?: Usd;
  readonly maxCostUsd?: Usd;
}

/** Runs of a search; `cursor` is null on the last page. */
export interface RunPage {
  readonly runs: readonly Execution[];
  readonly cursor: string | null;
}

/** What a session holds: events, runs, tokens, providers, times (ISO text). */
export interface SessionStats {
  /** Pruned events too: their places stay. */
  readonly eventCount: number;
  readonly runCount: number;
  readonly tokenTotals: { readonly input: number; readonly output: number; readonly total: number };
  /** In the order of their names. */
  readonly providersUsed: readonly string[];
  readonly firstEventAt: string | null;
  readonly lastEventAt: string | null;
  /** Only states that a run is in. */
  readonly statusCounts: Readonly<Record<string, number>>;
}

/** By what usage is grouped in a summary. */
export type UsageGroup = 'provider' | 'model' | 'agent' | 'day';

/** Which runs are summed, by when they were made. */
export interface UsageFilter {
  readonly sessionId?: string;
  readonly agentId?: string;
  readonly provider?: OneOrMore<string>;
  readonly since?: string;
  readonly until?: string;
  /** What `groups` are by; `provider` without it. */
  readonly by?: UsageGroup;
}

/** Tokens and runs, summed. */
export interface UsageCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly runCount: number;
}

/** Tokens and runs in all, by provider, and by the groups asked for. */
export interface UsageSummary {
  readonly totalInputTokens: number;
  readonly totalOutputTokens: number;
  readonly totalTokens: number;
  readonly runCount: number;
  /** Runs without a provider stand under `unknown`. */
  readonly byProvider: Readonly<Record<string, UsageCounts>>;
  /** By what was asked for, in the order of the keys; `unknown` for runs that have none. */
  readonly groups: readonly (UsageCounts & { readonly key: string })[];
}

/** Which usage is summed, and by which prices. */
export interface CostFilter extends UsageFilter {
  /** Counts runs without a recorded cost at these rates; without a table they are not counted, and `unmappedRuns` says how many. */
  readonly prices?: PriceTable;
}

/** Cost of one group in dollars; runs and tokens without a price are counted apart. */
export interface CostGroup {
  readonly key: string;
  readonly costUsd: Usd;
  readonly runCount: number;
  /** Of `runCount`: those that nobody knows the cost of. */
  readonly unmappedRuns: number;
  /** What those have used: 0 where nothing was used that could cost anything. */
  readonly unmappedTokens: number;
}

/** Runs of one model of one provider that nobody knows the cost of. */
export interface UnmappedUsage {
  /** `null` where nobody said it: such runs are found by no row of a table. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly runCount: number;
  readonly tokens: number;
}

/** Cost in dollars, in all and by provider, model and agent. */
export interface CostSummary {
  readonly totalCostUsd: Usd;
  readonly runCount: number;
  readonly byProvider: Readonly<Record<string, { readonly costUsd: Usd; readonly runCount: number }>>;
  readonly byModel: Readonly<
    Record<string, { readonly costUsd: Usd; readonly inputTokens: number; readonly outputTokens: number }>
  >;
  readonly groups: readonly CostGroup[];
  /** Runs whose cost is not recorded and that have no rates: they are in no sum. */
  readonly unmappedRuns: number;
  /** Those runs, by provider and model. */
  readonly unmapped: readonly UnmappedUsage[];
}

/** Which events, by session, run, type, provider, time (ISO text) and correlation. */
export interface EventFilter {
  readonly sessionIds?: readonly string[];
  readonly runIds?: readonly string[];
  readonly types?: readonly SessionEventType[];
  readonly providers?: readonly string[];
  /** Timestamp then or later. */
  readonly since?: string;
  /** Timestamp then or earlier. */
  readonly until?: string;
  readonly correlationId?: string;
}

/** `sequence_asc`: one session after the other by id, each in its order. */
export type EventOrder = 'sequence_asc' | 'timestamp_asc' | 'timestamp_desc';

/** A search over events, a page at a time. */
export interface EventSearch extends EventFilter, PageOptions<EventOrder> {}

/** Events of a search; `cursor` is null on the last page. */
export interface EventPage {
  readonly events: readonly SessionEvent[];
  readonly cursor: string | null;
}

/** A whole session as JSON: row, runs, events, rows of artifacts. */
export interface SessionExport {
  readonly session: Session;
  /** In the order in which they were made. */
  readonly runs: readonly Execution[];
  readonly events: readonly SessionEvent[];
  readonly artifacts?: readonly JsonObject[];
}

/** Searches over sessions, runs, events and messages, in pages with sealed cursors. */
export interface SessionQuery {
  searchSessions(filter?: SessionFilter): Promise<SessionPage>;
  /** Reads the messages of one session after the other until a page is full: give filters that leave few sessions. */
  searchMessages(search: MessageSearch): Promise<MessagePage>;
  /** Rejects with `SessionNotFoundError`, as `exportSession` does. */
  getSessionStats(sessionId: string): Promise<SessionStats>;
  searchRuns(filter?: RunFilter): Promise<RunPage>;
  getUsageSummary(filter?: UsageFilter): Promise<UsageSummary>;
  getCostSummary(filter?: CostFilter): Promise<CostSummary>;
  searchEvents(search?: EventSearch): Promise<EventPage>;
  countEvents(filter?: EventFilter): Promise<number>;
  /** All of a session, those marked as deleted too. `includeArtifacts` needs a registry of artifacts in the context. */
  exportSession(sessionId: string, options?: { readonly includeArtifacts?: boolean }): Promise<SessionExport>;
}

/** The same, each operation taking the context first. */
export type QueryImplementation<Context> = {
  readonly [Name in keyof SessionQuery]: (
    context: Context,
    ...rest: Required<Parameters<SessionQuery[Name]>>
  ) => ReturnType<SessionQuery[Name]>;
};
