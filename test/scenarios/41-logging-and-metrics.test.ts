/** Scenario 41: what a run with a behavior that throws logs, and which metrics it moves, in which order. */
import { behavior, configureLogging } from 'runlog';
import { expect, onTestFinished, test } from 'vitest';
import { openFixed, runId } from '../harness/fixed-run.ts';
import { recordedMetrics } from '../harness/observe/recorded-metrics.ts';

class ValueError extends Error {
  override readonly name = 'ValueError';
}

const boom = behavior({
  name: 'boom',
  on: 'goal.created',
  run: ({ graph }) => {
    graph.addObject('task', { title: 'never' });
    throw new ValueError('bad');
  },
});

/** What is written while logs are on. */
function heard(options: Parameters<typeof configureLogging>[0] = {}): string[] {
  const lines: string[] = [];
  const stop = configureLogging({ ...options, stream: { write: (text) => lines.push(text) } });
  onTestFinished(stop);
  return lines;
}

test('two lines of JSON: the goal, and the failure with all that is known of it', async () => {
  const lines = heard();
  const run = await openFixed({ behaviors: [boom] });
  await run.runGoal('g');
  const timestamp: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    {
      timestamp,
      level: 'INFO',
      logger: 'runlog.runtime',
      message: 'event emitted',
      run_id: runId,
      event_id: 'evt_001',
      event_type: 'goal.created',
    },
    {
      timestamp,
      level: 'WARNING',
      logger: 'runlog.runtime',
      message: 'behavior failed: boom (reason=exception.ValueError)',
      run_id: runId,
      event_id: 'evt_001',
      behavior: 'boom',
      latency_seconds: expect.any(Number) as unknown,
      reason: 'exception.ValueError',
      error_type: 'ValueError',
      error_message: 'bad',
      doc_url: 'https://runlog.dev/errors/execution-error',
    },
  ]);
});

test('the metrics move in the order of the events', async () => {
  const metrics = recordedMetrics();
  const run = await openFixed({ behaviors: [boom], metrics });
  await run.runGoal('g');
  expect(metrics.lines()).toEqual([
    'events_emitted_total{event_type=goal.created}',
    'queue_depth 1',
    'behaviors_invoked_total{behavior=boom}',
    'events_emitted_total{event_type=behavior.started}',
    'behaviors_duration_seconds{behavior=boom}',
    'behaviors_failed_total{behavior=boom,reason=exception.ValueError}',
    'events_emitted_total{event_type=behavior.failed}',
    // A failure is an event that behaviors may react to, so it waits too; what is worked off waits no more.
    'queue_depth 2',
    'queue_depth 1',
    'queue_depth 0',
    'events_emitted_total{event_type=runtime.idle}',
  ]);
});

test('without being asked, nothing is logged', async () => {
  const lines = heard();
  configureLogging({ stream: { write: (text) => lines.push(text) } })();
  const run = await openFixed({ behaviors: [boom] });
  await run.runGoal('g');
  expect(lines).toEqual([]);
});

test('with `json: false` a line is text: time, level, name, message, and the fields', async () => {
  const lines = heard({ json: false, level: 'warning' });
  const run = await openFixed({ behaviors: [boom] });
  await run.runGoal('g');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^\S+Z WARNING runlog\.runtime behavior failed: boom \(reason=exception\.ValueError\) run_id=run_x event_id=evt_001 behavior=boom .* error_message=bad doc_url=\S+\n$/,
  );
});
