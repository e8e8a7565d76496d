/** Scenario 36: a stored run is exported as one event a line, and as the trace that it had when it was made (Python: a terse list). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behavior, exportTrace, frozenClock, type LogEvent, open, type TraceFormat } from 'runlog';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { eventsOf } from '../harness/fixed-run.ts';
import { eventToJson } from 'runlog/log';

const folder = mkdtempSync(join(tmpdir(), 'runlog-36-'));
const url = `sqlite:///${join(folder, 'run.db')}`;
let events: readonly LogEvent[] = [];

beforeAll(async () => {
  const pin = behavior({
    name: 'pin',
    on: 'goal.created',
    run: ({ graph }) => void graph.addObject('note', { title: 'Pinned' }),
  });
  const run = await open(url, {
    runId: 'run_x',
    behaviors: [pin],
    clock: frozenClock('2026-05-15T10:32:01Z'),
  });
  await run.runGoal('Pin the trace');
  events = await eventsOf(run);
  await run.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function exported(format: TraceFormat): Promise<readonly string[]> {
  let text = '';
  await exportTrace(url, {
    runId: 'run_x',
    format,
    write: async (piece) => {
      text += piece;
    },
  });
  return text.trimEnd().split('\n');
}

test('as events it has one line an event, with the seven fields', async () => {
  const lines = await exported('events');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(events.map(eventToJson));
  expect(Object.keys(JSON.parse(lines[0] ?? '{}') as object)).toEqual([
    'id',
    'type',
    'payload',
    'actor',
    'frame_id',
    'caused_by',
    'timestamp',
  ]);
});

test('as JSON lines it has the same fields behind a version line that counts them', async () => {
  const [version, ...lines] = (await exported('jsonl')).map((line): unknown => JSON.parse(line));
  expect(version).toMatchObject({ format: 'runlog.events', version: 1, events: events.length });
  expect(lines).toMatchObject(events.map(eventToJson));
});

test('as text it reads as the live trace', async () => {
  expect(await exported('text')).toEqual([
    '[goal.created]            user: "Pin the trace"',
    '[behavior.started]        pin',
    '[object.created]          note#1 "Pinned"',
    '[behavior.completed]      pin',
    '[runtime.idle]            queue empty, budget remaining',
  ]);
});
