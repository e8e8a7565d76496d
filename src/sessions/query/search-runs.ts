/** Decides how runs are searched: by session, agent, provider, state, time, tokens and cost, along the index that orders them. */
import type { FieldCondition } from '../../log/index.ts';
import { type Execution, readExecutionStatus } from '../model/execution.ts';
import { executionKind, executionOfRecord, hint, sessionKind } from '../store/documents.ts';
import { costField, tokensField, usageFields } from '../store/usage-fields.ts';
import { cursorBehind, type QueryContext, recordPlace } from './context.ts';
import type { RunFilter, RunOrder, RunPage } from './port.ts';
import { FilterReader, queryLimits } from './read-filter.ts';
import { between, jsonOf } from './search-sessions.ts';

const fields = [
  'sessionId',
  'agentId',
  'provider',
  'status',
  'startedAfter',
  'startedBefore',
  'minTokens',
  'maxTokens',
  'minCostUsd',
  'maxCostUsd',
  'orderBy',
  'limit',
  'cursor',
];

const startedOf = (run: Execution): string => run.startedAt;
const orders = {
  started_at_desc: { orderBy: 'started', descending: true, valueOf: startedOf },
  started_at_asc: { orderBy: 'started', descending: false, valueOf: startedOf },
  token_usage_desc: {
    orderBy: 'tokens',
    descending: true,
    valueOf: (run: Execution) => String(usageFields(run)['tokens']),
  },
} as const satisfies Record<RunOrder, unknown>;

export async function searchRuns(context: QueryContext, filter: RunFilter): Promise<RunPage> {
  const reader = new FilterReader(filter, fields);
  const order = reader.choice('orderBy', ['started_at_desc', 'started_at_asc', 'token_usage_desc']);
  const limit = reader.limit(queryLimits.runs);
  const where = conditionsOf(reader);
  const { orderBy, descending, valueOf } = orders[order];
  const question = { operation: 'searchRuns', orderBy: order, filter: { where: jsonOf(where) } };
  const place = recordPlace(context, question, filter.cursor);
  const query = { kind: executionKind, where, orderBy, descending, ...place };
  const found = await context.store.findRecords(query, { limit });
  const runs = found.map(executionOfRecord);
  const last = runs.at(-1);
  const value = last === undefined ? '' : valueOf(last);
  return { runs, cursor: cursorBehind(context, question, found.at(-1), value) };
}

function conditionsOf(reader: FilterReader): readonly FieldCondition[] {
  const statuses = reader.texts('status')?.map(readExecutionStatus);
  const [minTokens, maxTokens] = [reader.count('minTokens'), reader.count('maxTokens')];
  const [minCost, maxCost] = [reader.usd('minCostUsd'), reader.usd('maxCostUsd')];
  return [
    ...ofWhom(reader),
    ...(statuses === undefined ? [] : [{ field: 'status', oneOf: statuses }]),
    ...between('started', reader.moment('startedAfter'), reader.moment('startedBefore')),
    ...between('tokens', fieldOf(minTokens, tokensField), fieldOf(maxTokens, tokensField)),
    ...between('cost', fieldOf(minCost, costField), fieldOf(maxCost, costField)),
  ];
}

/** The filters by session, agent and provider, which runs and their sums share. */
export function ofWhom(reader: FilterReader): readonly FieldCondition[] {
  const session = reader.text('sessionId');
  const agent = reader.text('agentId');
  const providers = reader.texts('provider')?.map(hint);
  return [
    ...(session === undefined ? [] : [{ field: 'session', oneOf: [hint(session)] }]),
    ...(agent === undefined
      ? []
      : [{ field: 'agent', oneOf: [hint(agent)], through: { kind: sessionKind, by: 'session' } }]),
    ...(providers === undefined ? [] : [{ field: 'provider', oneOf: providers }]),
  ];
}

function fieldOf<Value>(value: Value | undefined, write: (value: Value) => string): string | undefined {
  return value === undefined ? undefined : write(value);
}
