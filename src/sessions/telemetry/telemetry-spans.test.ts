import { expect, it } from 'vitest';
import type { OpenSpan, SpanStart, Tracing } from '../../base/index.ts';
import { telemetryToSpans } from './telemetry-spans.ts';

class Spans implements Tracing {
  readonly all: Record<string, unknown>[] = [];

  startSpan({ name, attributes, parent, startMs, kind }: SpanStart): OpenSpan {
    const told: Record<string, unknown> = { name, kind, startMs, ...attributes, isBelow: parent !== null };
    this.all.push(told);
    return {
      set: (more) => void Object.assign(told, more),
      fail: (type) => void (told['failed'] = type),
      end: (endMs) => void (told['endMs'] = endMs),
      within: (work) => work(),
    };
  }
}

const ids = { run_id: 'r', session_id: 's', agent_id: 'a', provider: 'claude' };
const at = (moment: number) => ({ system_time_ms: moment });
const call = (id: string) => ({ ...ids, tool_name: 'Bash', event_data: { tool_call_id: id } });

it('a run is a span, its calls of tools are spans below it, and what it used stands in it', () => {
  const spans = new Spans();
  const tell = telemetryToSpans(spans);
  tell({ name: 'run.start', measurements: at(1), metadata: ids });
  tell({
    name: 'adapter.run_started',
    measurements: at(2),
    metadata: { ...ids, event_data: { model: 'm' } },
  });
  tell({ name: 'adapter.tool_call_started', measurements: at(3), metadata: call('t1') });
  tell({ name: 'adapter.tool_call_completed', measurements: at(5), metadata: call('t1') });
  tell({ name: 'adapter.tool_call_started', measurements: at(6), metadata: call('t2') });
  tell({ name: 'adapter.tool_call_failed', measurements: at(7), metadata: call('t2') });
  const used = { input_tokens: 10, output_tokens: 2, cost_usd: 0.5 };
  tell({ name: 'run.stop', measurements: { ...at(9), ...used }, metadata: ids });
  expect(spans.all).toEqual([
    {
      ...{ name: 'invoke_agent claude', kind: 'client', startMs: 1, endMs: 9, isBelow: false },
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'claude',
      'gen_ai.provider.name': 'claude',
      'gen_ai.conversation.id': 's',
      'runlog.run.id': 'r',
      'gen_ai.response.model': 'm',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 2,
      'runlog.cost_usd': 0.5,
    },
    {
      ...{ name: 'execute_tool Bash', kind: 'internal', startMs: 3, endMs: 5, isBelow: true },
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'Bash',
      'gen_ai.tool.call.id': 't1',
    },
    expect.objectContaining({ startMs: 6, endMs: 7, failed: 'tool_error', 'gen_ai.tool.call.id': 't2' }),
  ]);
});

it('a run that fails ends its span and the calls that it cut off, and is not known any more', () => {
  const spans = new Spans();
  const tell = telemetryToSpans(spans);
  tell({ name: 'adapter.tool_call_started', measurements: at(0), metadata: call('t0') });
  tell({ name: 'run.start', measurements: at(1), metadata: ids });
  tell({ name: 'adapter.tool_call_started', measurements: at(2), metadata: call('t1') });
  tell({ name: 'run.exception', measurements: at(4), metadata: { ...ids, error_code: 'timeout' } });
  tell({ name: 'adapter.tool_call_started', measurements: at(5), metadata: call('t2') });
  expect(spans.all).toMatchObject([{ failed: 'timeout', endMs: 4 }, { endMs: 4 }]);
  expect(spans.all).toHaveLength(2);
});
