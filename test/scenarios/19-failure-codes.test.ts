/** Scenario 19: by which code each failure of a model or a tool goes into the log. */
import { behavior, llmError, type LogEvent, tool, toolError } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { eventsOf, openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';
import { anyList, anyText } from '../harness/matchers.ts';
import { type Audit, auditRun } from './audit-run.ts';

const good = tool({
  name: 'my_tool',
  inputSchema: z.object({ q: z.string() }),
  outputSchema: z.object({ n: z.number() }),
  costPerCallUsd: '0.001',
  run: ({ q }) => ({ n: q.length }),
});

const raising = tool({
  name: 'raising',
  run: () => {
    throw new TypeError('broken tool');
  },
});

const limited = tool({
  name: 'limited',
  run: () => {
    throw toolError('tool.network_error', 'no route', { host: 'x' });
  },
});

const wrong = tool({
  name: 'wrong',
  outputSchema: z.object({ n: z.number() }),
  costPerCallUsd: '0.002',
  run: () => ({ n: 'three' }),
});

const tools = [good, raising, limited, wrong];

interface Row {
  readonly name: string;
  readonly answers: Audit['answers'];
  readonly reason: string;
  readonly exception: string;
  /** Types of the events between start and failure. */
  readonly calls: readonly string[];
  readonly extras?: object;
  readonly maxToolTurns?: number;
}

const asked = ['llm.requested', 'llm.responded'];
const called = ['tool.requested', 'tool.responded'];
const calling = (name: string, args: Readonly<Record<string, string | number>> = {}) => [
  { toolCalls: [{ id: 'c1', name, args }] },
];

const rows: readonly Row[] = [
  {
    name: 'an answer that is not JSON',
    answers: ['no json'],
    reason: 'llm.parse_error',
    exception: 'LLMBehaviorError',
    calls: asked,
    extras: { raw_text: 'no json' },
  },
  {
    name: 'JSON of another form',
    answers: ['{"text":1}'],
    reason: 'llm.schema_violation',
    exception: 'LLMBehaviorError',
    calls: asked,
    extras: { validation_errors: anyList },
  },
  {
    name: 'a provider that cannot be reached',
    answers: () => {
      throw new Error('ECONNREFUSED');
    },
    reason: 'llm.network_error',
    exception: 'LLMBehaviorError',
    calls: ['llm.requested'],
    extras: { message: 'ECONNREFUSED' },
  },
  {
    name: 'a provider that is asked too often',
    answers: () => {
      throw llmError('llm.rate_limited', 'slow down', { retry_after_seconds: 2 });
    },
    reason: 'llm.rate_limited',
    exception: 'LLMBehaviorError',
    calls: ['llm.requested'],
    extras: { retry_after_seconds: 2 },
  },
  {
    name: 'a tool that the behavior does not declare',
    answers: calling('zzz'),
    reason: 'tool.unknown_tool',
    exception: 'UnknownToolError',
    calls: asked,
    extras: { tool: 'zzz' },
  },
  {
    name: 'arguments that the tool does not take',
    answers: calling('my_tool', { z: 1 }),
    reason: 'tool.invalid_input',
    exception: 'ToolError',
    calls: [...asked, ...called],
  },
  {
    name: 'arguments that were no object',
    answers: [
      { toolCalls: [{ name: 'my_tool', args: { _raw: '[' }, invalidArgsError: 'not a JSON object' }] },
    ],
    reason: 'tool.invalid_input',
    exception: 'ToolError',
    calls: [...asked, ...called],
    extras: { message: 'not a JSON object' },
  },
  {
    name: 'a model that never stops asking for tools',
    answers: () => ({ toolCalls: [{ id: 'c1', name: 'my_tool', args: { q: 'abc' } }] }),
    reason: 'tool.max_turns_exhausted',
    exception: 'ToolError',
    calls: [...asked, ...called, ...asked, ...called],
    maxToolTurns: 2,
  },
  {
    name: 'a tool that throws',
    answers: calling('raising'),
    reason: 'tool.execution_error',
    exception: 'ToolError',
    calls: [...asked, ...called],
    extras: { tool: 'raising', message: 'broken tool' },
  },
  {
    name: 'a tool that fails for a reason that it knows',
    answers: calling('limited'),
    reason: 'tool.network_error',
    exception: 'ToolError',
    calls: [...asked, ...called],
    extras: { host: 'x' },
  },
  {
    name: 'a tool that answers in another form',
    answers: calling('wrong'),
    reason: 'tool.invalid_output',
    exception: 'ToolError',
    calls: [...asked, ...called],
  },
];

async function failing(
  row: Row,
): Promise<{ readonly failed: LogEvent; readonly between: readonly LogEvent[] }> {
  const { run } = await auditRun({
    answers: row.answers,
    tools,
    ...(row.maxToolTurns === undefined ? {} : { maxToolTurns: row.maxToolTurns }),
  });
  await run.runGoal('Audit Q3');
  const events = await eventsOf(run);
  const failed = await theEvent(run, 'behavior.failed');
  return { failed, between: events.slice(5, failed.seq - 1) };
}

describe('a behavior fails', () => {
  it.each(rows)('on $name with $reason', async (row) => {
    const { failed, between } = await failing(row);
    expect(failed.payload).toMatchObject({
      behavior: 'extractor',
      event_id: 'evt_003',
      reason: row.reason,
      exception_type: row.exception,
      ...row.extras,
    });
    expect(between.map(({ type }) => type)).toEqual(row.calls);
  });

  it.each(rows.filter(({ calls }) => calls.at(-1) === 'tool.responded' && calls.length === 4))(
    'with the error of the tool in its answer: $reason ($name)',
    async (row) => {
      const { between } = await failing(row);
      expect(between.at(-1)?.payload).toMatchObject({
        error: { reason: row.reason, message: anyText },
        cache_hit: false,
      });
      expect(between.at(-1)?.payload).not.toHaveProperty('output');
    },
  );
});

test('a tool that did its work is paid for, also when its answer is refused', async () => {
  const { run } = await auditRun({ answers: calling('wrong'), tools });
  const status = await run.runGoal('Audit Q3');
  expect(status.budget).toMatchObject({ cost_used_usd: '0.002' });
});

test('a prompt that cannot be built is llm.prompt_assembly_error, and nobody is asked', async () => {
  const { llmBehavior, scriptedModel } = await import('runlog');
  const model = scriptedModel({ respond: [] });
  const templated = llmBehavior({
    name: 'templated',
    on: 'goal.created',
    promptTemplate: '{nonsense}',
    run: () => {},
  });
  const run = await openFixed({ behaviors: [templated], model });
  await run.runGoal('g');
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({
    reason: 'llm.prompt_assembly_error',
  });
  expect(model.calls).toBe(0);
});

test('a handler may catch the failure of a tool and go on', async () => {
  const brave = behavior({
    name: 'brave',
    on: 'goal.created',
    tools: [raising],
    run: async ({ graph, ctx }) => {
      await ctx.callTool('raising', {}).catch((error: unknown) => {
        graph.addObject('note', { text: error instanceof Error ? error.name : '' });
      });
    },
  });
  const run = await openFixed({ behaviors: [brave] });
  await run.runGoal('g');
  expect(run.graph.object('note#1')?.data).toEqual({ text: 'ToolError' });
  expect(await typesOf(run)).not.toContain('behavior.failed');
});
