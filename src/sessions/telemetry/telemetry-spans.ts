/**
 * Decides which spans the telemetry of sessions becomes: one for each run of an agent, and below it one for each call of a tool, under
 * the names that the runs of graphs use. The runs of a session have its id in common; a session itself lasts too long for a span.
 */
import {
  attributeNames as named,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type OpenSpan,
  operationNames,
  spanNames,
  type Tracing,
} from '../../base/index.ts';
import type { OnTelemetry, TelemetryEvent, TelemetryName } from './telemetry.ts';

interface OpenRun {
  readonly span: OpenSpan;
  readonly tools: Map<JsonValue, OpenSpan>;
}

/** A hook that opens and ends spans for runs of agents and their calls of tools. */
export function telemetryToSpans(tracing: Tracing): OnTelemetry {
  const runs = new Map<JsonValue, OpenRun>();
  const known: Partial<Record<TelemetryName, (run: OpenRun, event: TelemetryEvent) => void>> = {
    'adapter.run_started': ({ span }, { metadata }) => {
      const { model } = dataOf(metadata);
      if (typeof model === 'string') span.set({ [named.responseModel]: model });
    },
    'adapter.tool_call_started': (run, event) => beginTool(tracing, run, event),
    'adapter.tool_call_completed': (run, event) => endTool(run, event, false),
    'adapter.tool_call_failed': (run, event) => endTool(run, event, true),
    'run.stop': ({ span }, { measurements }) => span.set(usedIn(measurements)),
    'run.exception': ({ span }, { metadata }) =>
      span.fail(textOf(metadata['error_code']), textOf(metadata['error_message'])),
  };
  return (event) => {
    const id = event.metadata['run_id'] ?? null;
    if (event.name === 'run.start') runs.set(id, { span: beginRun(tracing, event), tools: new Map() });
    const run = runs.get(id);
    if (run === undefined) return;
    known[event.name]?.(run, event);
    if (event.name !== 'run.stop' && event.name !== 'run.exception') return;
    runs.delete(id);
    // A call that was cut off ends with its run.
    for (const span of [...run.tools.values(), run.span]) span.end(momentOf(event));
  };
}

function beginRun(tracing: Tracing, event: TelemetryEvent): OpenSpan {
  const agent = textOf(event.metadata['provider']);
  return tracing.startSpan({
    name: spanNames.agent(agent),
    kind: 'client',
    attributes: {
      [named.operation]: operationNames.agent,
      [named.agentName]: agent,
      [named.provider]: agent,
      [named.conversation]: textOf(event.metadata['session_id']),
      [named.runId]: textOf(event.metadata['run_id']),
    },
    parent: null,
    startMs: momentOf(event),
  });
}

function beginTool(tracing: Tracing, { span: parent, tools }: OpenRun, event: TelemetryEvent): void {
  const { tool_call_id: call = null } = dataOf(event.metadata);
  const tool = textOf(event.metadata['tool_name']);
  const attributes = {
    [named.operation]: operationNames.tool,
    [named.toolName]: tool,
    [named.toolCall]: textOf(call),
  };
  const startMs = momentOf(event);
  tools.set(
    call,
    tracing.startSpan({ name: spanNames.tool(tool), kind: 'internal', attributes, parent, startMs }),
  );
}

function endTool({ tools }: OpenRun, event: TelemetryEvent, hasFailed: boolean): void {
  const { tool_call_id: call = null } = dataOf(event.metadata);
  const span = tools.get(call);
  if (hasFailed) span?.fail('tool_error', 'the call of the tool failed');
  span?.end(momentOf(event));
  tools.delete(call);
}

function usedIn(measurements: TelemetryEvent['measurements']): Readonly<Record<string, number>> {
  const { input_tokens: input, output_tokens: output, cost_usd: cost } = measurements;
  return {
    ...(input === undefined ? {} : { [named.inputTokens]: input }),
    ...(output === undefined ? {} : { [named.outputTokens]: output }),
    ...(cost === undefined ? {} : { [named.costUsd]: cost }),
  };
}

/** Every event that is looked at here has its moment. */
function momentOf({ measurements }: TelemetryEvent): number {
  return measurements['system_time_ms'] ?? 0;
}

function dataOf(metadata: JsonObject): JsonObject {
  const data = metadata['event_data'] ?? null;
  return isJsonObject(data) ? data : {};
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
